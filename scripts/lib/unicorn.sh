# Obtains libunicorn: the system's where it is new enough, else Debian's newer one, kept in .sharewalk.

UNICORN=${SHAREWALK_UNICORN:-$STATE/lib/libunicorn.so.2}
UNICORN_NEEDED=2.1.0
UNICORN_WANTED=2.1.4
UNICORN_PACKAGE=libunicorn2t64
UNICORN_SUITES="forky trixie"

unicorn_ready() { [ -e "$UNICORN" ]; }

# Prints the version of the library at a path; fails where it cannot be loaded.
unicorn_version() {
    "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED "$ROOT/scripts/lib/UnicornVersion.java" "$1" 2>/dev/null
}

# Whether version $1 is at least version $2.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# Preconditions: find_java succeeded.
need_unicorn() {
    if unicorn_ready; then return; fi
    [ -z "${SHAREWALK_UNICORN-}" ] || die "SHAREWALK_UNICORN names no file: $SHAREWALK_UNICORN"
    mkdir -p "$STATE/lib"
    if ! use_system_unicorn "$UNICORN_WANTED" && ! download_unicorn && ! use_system_unicorn "$UNICORN_NEEDED"; then
        die "Sharewalk needs libunicorn $UNICORN_WANTED or newer: install it (Debian testing: $UNICORN_PACKAGE, Fedora and Homebrew: unicorn) or set SHAREWALK_UNICORN to its path."
    fi
}

# Points at the system's library if its version is at least $1.
use_system_unicorn() {
    local file version
    for file in $(system_unicorns); do
        version=$(unicorn_version "$file") || continue
        if at_least "$version" "$1"; then
            ln -sfn "$file" "$UNICORN"
            say "using libunicorn $version of this system"
            return 0
        fi
    done
    return 1
}

system_unicorns() {
    { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true; } | sed -n 's/.*libunicorn\.so\.2 .*=> //p'
    ls -d /usr/local/lib/libunicorn.so.2 /home/linuxbrew/.linuxbrew/lib/libunicorn.so.2 \
        /opt/homebrew/lib/libunicorn.2.dylib /usr/local/lib/libunicorn.2.dylib 2>/dev/null || true
}

# Downloads the library with an apt set-up of our own, which touches nothing of the system's and needs no root.
download_unicorn() {
    has_command apt-get && has_command dpkg-deb || return 1
    say "downloading libunicorn"
    local work status=0
    work=$(mktemp -d)
    trap "rm -rf '$work'" EXIT
    private_apt "$work" >"$STATE/unicorn.log" 2>&1 || status=1
    rm -rf "$work"
    if [ $status = 0 ]; then
        say "using libunicorn $(unicorn_version "$UNICORN"), kept in .sharewalk"
    else
        say "could not download libunicorn (see $STATE/unicorn.log)"
    fi
    return $status
}

# The archives of this machine's own apt sources, one a line: "keyring URI".
debian_archives() {
    cat_stanzas /etc/apt/sources.list /etc/apt/sources.list.d/*.list | awk '
        $1 == "deb" {
            key = ""; i = 2
            if ($2 ~ /^\[/) {
                options = ""
                do { options = options " " $i } while ($(i++) !~ /\]$/ && i <= NF)
                if (match(options, /signed-by=[^] ]*/)) key = substr(options, RSTART + 10, RLENGTH - 10)
            }
            print (key ~ /^\// ? key : "-"), $i, $(i + 1)
        }' | debian_only
    cat_stanzas /etc/apt/sources.list.d/*.sources | awk -v RS= -F '\n' '
        {
            uri = suite = ""; key = "-"; skip = 0
            for (i = 1; i <= NF; i++) {
                split($i, word, /[ \t]+/); name = tolower(word[1])
                if (name == "uris:") uri = word[2]
                if (name == "suites:") suite = word[2]
                if (name == "signed-by:" && word[2] ~ /^\//) key = word[2]
                if (name == "enabled:" && tolower(word[2]) == "no") skip = 1
            }
            if (!skip && uri != "") print key, uri, suite
        }' | debian_only
}

# The files, without comments, an empty line after each.
cat_stanzas() {
    local file
    for file in "$@"; do
        [ ! -r "$file" ] || sed -e '/^#/d' -e '$G' "$file"
    done
}

# Keeps the archives whose suite is one of Debian's own (a vendor's repository or security updates have no other suite).
debian_only() {
    awk '$3 ~ /^(oldstable|stable|testing|unstable|sid|bookworm|trixie|forky|duke)$/ { print $1, $2 }'
}

# Tries each archive in turn. Preconditions: $1 is an empty folder.
private_apt() {
    local work=$1 key uri suite options default=/usr/share/keyrings/debian-archive-keyring.gpg
    while read -r key uri; do
        [ "$key" != - ] || key=$default
        options=
        [ ! -e "$key" ] || options="[signed-by=$key]"
        for suite in $UNICORN_SUITES; do
            rm -rf "$work"
            mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
            echo "deb $options $uri $suite main" >"$work/sources.list"
            if private_apt_get "$work" update && take_unicorn "$work" "$suite"; then return 0; fi
        done
    done < <(debian_archives | sort -u)
    return 1
}

# Signatures are always checked; only a mirror that lags behind is not refused for that.
private_apt_get() {
    local work=$1
    shift
    (cd "$work" && apt-get -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$work/lists" \
        -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null -o Acquire::Languages=none \
        -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false -o APT::Update::Error-Mode=any \
        -o APT::Sandbox::User=root "$@" </dev/null)
}

# Downloads one suite's package; keeps its library if it can be loaded here (it may need a newer C library).
take_unicorn() {
    local work=$1 suite=$2 library version
    rm -rf "$work/unpacked" "$work"/*.deb
    private_apt_get "$work" download "$UNICORN_PACKAGE/$suite" || return 1
    unpack "$work"
    library=$(find "$work/unpacked" -name libunicorn.so.2 | head -n 1)
    [ -n "$library" ] || return 1
    if ldd "$library" | grep -q 'not found$'; then
        add_dependencies "$work" "$suite" || return 1
        export_library_path
    fi
    version=$(unicorn_version "$library") && at_least "$version" "$UNICORN_NEEDED" || return 1
    cp -L "$library" "$UNICORN.part"
    mv -f "$UNICORN.part" "$UNICORN"
}

unpack() {
    local package
    for package in "$1"/*.deb; do dpkg-deb -x "$package" "$1/unpacked"; done
}

# Downloads the packages that the library depends on, the C library apart, and keeps their libraries beside it.
add_dependencies() {
    local work=$1 suite=$2 package
    for package in $(dpkg-deb -f "$work"/"$UNICORN_PACKAGE"_*.deb Depends | tr ',' '\n' | sed 's/^ *//; s/[ |:].*//'); do
        [ "$package" = libc6 ] || private_apt_get "$work" download "$package/$suite" || return 1
    done
    unpack "$work"
    find "$work/unpacked" -name '*.so.*' ! -name 'libunicorn*' -exec cp -P {} "$STATE/lib/" \;
}

# Lets the library find what add_dependencies kept beside it, if anything.
export_library_path() {
    local file
    for file in "$STATE"/lib/*.so.*; do
        case $file in *libunicorn*) ;; *) [ ! -e "$file" ] || export LD_LIBRARY_PATH=$STATE/lib ;; esac
    done
}
