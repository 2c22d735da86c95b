# Builds with Maven when something changed; packs what runs; runs it.

BUILT=$STATE/built
VERIFIED=$STATE/verified
APP=$STATE/sharewalk.jar
CACHE=$STATE/sharewalk.aot

# Prints the first thing in the sources that is newer than a file; everything is when there is no such file.
first_newer() {
    [ -e "$1" ] || { echo everything && return; }
    (cd "$ROOT" && find pom.xml .mvn scripts/lib/build.sh ./*/pom.xml mmu/src emulator/src guest-programs \
        -path guest-programs/target -prune -o ! -path guest-programs -newer "$1" -print -quit)
}

build_ready() {
    [ -e "$APP" ] && [ -d "$ROOT/emulator/target/lib" ] && guests_ready && [ -z "$(first_newer "$BUILT")" ]
}

guests_ready() { [ ! -e "$ROOT/guest-programs/Makefile" ] || [ -d "$ROOT/guest-programs/target/riscv64" ]; }

# Everything that must be there before java can start.
prepare() {
    tell_untested_host
    need_java
    need_unicorn
    if build_ready; then return; fi
    need_build_tools
    say "building"
    build
}

tell_untested_host() {
    [ "$(uname -s) $(uname -m)" != "Linux x86_64" ] && [ ! -e "$STATE/told" ] || return 0
    say "this host ($(uname -s) on $(uname -m)) is untested"
    touch "$STATE/told"
}

# Runs Maven, which says what fails and what was tested, and no more. The first two options quieten newer JDKs about
# Maven's own libraries.
maven() {
    local log=org.slf4j.simpleLogger
    local options="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
        -D$log.defaultLogLevel=warn -D$log.log.org.apache.maven.plugin.surefire=info ${MAVEN_OPTS-}"
    (cd "$ROOT" && MAVEN_OPTS=${options//$'\n'/ } mvn --batch-mode "$@" </dev/null)
}

build() {
    touch "$BUILT.part"
    # Libraries that the build no longer asks for would stay on the class path.
    [ "$ROOT/pom.xml" -ot "$BUILT" ] && [ "$ROOT/emulator/pom.xml" -ot "$BUILT" ] || rm -rf "$ROOT/emulator/target/lib"
    if ! maven -Pquick --projects mmu,guest-programs,emulator process-classes >"$STATE/build.log" 2>&1; then
        grep -m 10 -E '\<error:|^\[ERROR\]' "$STATE/build.log" >&2 || true
        die "the build failed (see $STATE/build.log)"
    fi
    pack
    mv -f "$BUILT.part" "$BUILT"
}

# Makes the jar that runs, so that a build never changes what another invocation is running, and the start-up cache,
# which accepts jars only.
pack() {
    "$JAVA_HOME/bin/jar" --create --file "$APP.part" \
        -C "$ROOT/mmu/target/classes" . -C "$ROOT/emulator/target/classes" .
    mv -f "$APP.part" "$APP"
    rm -f "$CACHE"
    if [ -e "$ROOT/emulator/target/classes/sharewalk/cli/Main.class" ]; then
        java_command
        # The run that the cache is made from: whatever its outcome, it has loaded what a run loads.
        timeout 60 "${JAVA[@]}" -XX:AOTCacheOutput="$CACHE.part" -cp "$CLASSES" \
            sharewalk.cli.Main run "$ROOT/guest-programs/target/riscv64/hello" >/dev/null 2>&1 </dev/null || true
        [ ! -e "$CACHE.part" ] || mv -f "$CACHE.part" "$CACHE"
    fi
}

# Sets JAVA, the command with its options, and CLASSES, the class path.
java_command() {
    JAVA=("$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC
        "-Dsharewalk.unicorn=$UNICORN" "-Dsharewalk.guests=$ROOT/guest-programs/target" "-Dsharewalk.home=$STATE")
    local jar
    CLASSES=$APP
    # A test that runs this script runs what it was built with.
    [ -z "${SHAREWALK_BUILT-}" ] || CLASSES=$ROOT/mmu/target/classes:$ROOT/emulator/target/classes
    for jar in "$ROOT"/emulator/target/lib/*.jar; do CLASSES=$CLASSES:$jar; done
    export_library_path
}

run_java() {
    java_command
    [ ! -e "$CACHE" ] || JAVA+=(-XX:AOTCache="$CACHE" -Xlog:aot=off -Xlog:cds=off)
    exec "${JAVA[@]}" -cp "$CLASSES" sharewalk.cli.Main "$@"
}

# The whole build with every check and the tests.
verify() {
    prepare_to_verify
    local status=0
    touch "$VERIFIED.part"
    export SHAREWALK_BUILT=1
    say "building and testing"
    export_library_path
    maven "-Dsharewalk.unicorn=$UNICORN" "$@" verify || status=$?
    report_total "$status"
    [ $status = 0 ] || exit $status
    pack
    touch -r "$VERIFIED.part" "$BUILT"
    touch "$VERIFIED"
}

prepare_to_verify() {
    tell_untested_host
    need_java
    need_unicorn
    need_build_tools
    # Classes of a quick build were never checked, and Maven would take them for up to date.
    if [ ! -e "$VERIFIED" ] || [ -n "$(find "$ROOT"/*/target -name '*.class' -newer "$VERIFIED" -print -quit 2>/dev/null)" ]; then
        rm -rf "$ROOT"/{mmu,emulator,tests}/target/{classes,test-classes,maven-status}
    fi
}

# One closing line over all modules, in the words Maven uses for one.
report_total() {
    find "$ROOT"/*/target/surefire-reports -name 'TEST-*.xml' -newer "$VERIFIED.part" -exec grep -h -m 1 '<testsuite ' {} + 2>/dev/null |
        awk -v status="$1" '
            function count(name) { return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0 }
            { run += count("tests"); failures += count("failures"); errors += count("errors"); skipped += count("skipped") }
            END {
                printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", run, failures, errors, skipped
                print (status == 0 ? "BUILD SUCCESS" : "BUILD FAILURE")
            }' || true
}
