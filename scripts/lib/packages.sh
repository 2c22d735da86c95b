# Installs Debian packages, only those that are missing.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# Brings apt's package lists up to date, once in a run.
refresh_package_lists() {
    [ -z "${LISTS_FRESH-}" ] && can_install || return 0
    LISTS_FRESH=1
    say "updating the package lists"
    as_root apt-get -qq update </dev/null >&2 || true
}

install_packages() {
    can_install || die "These packages are missing and cannot be installed from here (no apt, or neither root nor sudo): $*"
    refresh_package_lists
    say "installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        install --yes --no-install-recommends "$@" </dev/null >"$STATE/packages.log" 2>&1 ||
        die "apt could not install $* (see $STATE/packages.log)."
}

has_command() { command -v "$1" >/dev/null; }

# Installs what compiles the emulator and the guest programs.
need_build_tools() {
    local missing=()
    has_command mvn || missing+=(maven)
    has_command make || missing+=(make)
    has_command as || missing+=(binutils)
    has_command gcc || missing+=(gcc)
    has_command riscv64-linux-gnu-gcc || missing+=(gcc-riscv64-linux-gnu)
    # Guests are linked statically: it is the C library that a bare compiler lacks.
    has_static_libc riscv64-linux-gnu-gcc || missing+=(libc6-dev-riscv64-cross)
    if [ "$(uname -m)" = x86_64 ]; then
        has_static_libc gcc || missing+=(libc6-dev)
    else
        has_command x86_64-linux-gnu-gcc || missing+=(gcc-x86-64-linux-gnu)
        has_static_libc x86_64-linux-gnu-gcc || missing+=(libc6-dev-amd64-cross)
    fi
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

has_static_libc() {
    has_command "$1" && [ -e "$("$1" -print-file-name=libc.a)" ]
}
