# Finds a JDK of version 25 or newer.

JAVA_NEEDED=25
JAVA_HOME=${JAVA_HOME-}

# Whether a folder holds a JDK (not a JRE) that is new enough. Starts no process where the JDK describes itself.
is_jdk() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    local line version=
    if [ -r "$1/release" ]; then
        while read -r line; do
            case $line in JAVA_VERSION=*) version=${line#*=} ;; esac
        done <"$1/release"
    else
        version=$("$1/bin/javac" -version 2>&1) || return 1
        version=${version#javac }
    fi
    version=${version//\"/}
    version=${version%%[!0-9]*}
    [ "${version:-0}" -ge "$JAVA_NEEDED" ]
}

# Sets JAVA_HOME to a suitable JDK, or to nothing and returns 1.
find_java() {
    local home on_path
    on_path=$(readlink -f "$(command -v javac || true)" || true)
    for home in "$JAVA_HOME" "${on_path%/bin/javac}" \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* /usr/local/*jdk* \
        "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.asdf/installs/java/* \
        "${HOME-}"/.local/share/mise/installs/java/* \
        /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$home" ] && is_jdk "$home"; then
            export JAVA_HOME=$home
            return 0
        fi
    done
    JAVA_HOME=
    return 1
}

# As find_java, and installs one where apt offers it.
need_java() {
    find_java && return
    local package=openjdk-$JAVA_NEEDED-jdk-headless
    refresh_package_lists
    if command -v apt-cache >/dev/null && [ -n "$(apt-cache policy "$package" 2>/dev/null | grep 'Candidate: [^(]')" ]; then
        install_packages "$package"
        find_java && return
    fi
    die "Sharewalk needs a JDK of version $JAVA_NEEDED or newer: install one (for example Eclipse Temurin $JAVA_NEEDED) and set JAVA_HOME to it."
}
