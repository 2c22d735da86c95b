# What scripts/sharewalk and scripts/test share. Sourced, never run.

ROOT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
STATE=$ROOT/.sharewalk
mkdir -p "$STATE"

# One line of progress.
say() { printf 'sharewalk: %s\n' "$*" >&2; }

# One sentence, and the end.
die() {
    say "$*"
    exit 1
}

# Runs a function while no other invocation changes anything.
with_lock() {
    if command -v flock >/dev/null; then
        exec 9>"$STATE/lock"
        flock --nonblock 9 || { say "waiting for another invocation to finish building" && flock 9; }
    fi
    "$@"
    exec 9>&-
}

. "$ROOT/scripts/lib/java.sh"
. "$ROOT/scripts/lib/packages.sh"
. "$ROOT/scripts/lib/unicorn.sh"
. "$ROOT/scripts/lib/build.sh"
