package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.support.GuestRun;

/// After any history of operations, under any design, every process sees exactly what a naive model of the design says:
/// the guest program `histories` draws the operations from a seed and compares after each, with the design's promises
/// written down once more in C. The sanitizer looks on.
@Tag("native")
final class HistoriesTest {
    private static final int STEPS = 200;
    private static final int SEEDS = 3;
    private static final int MORE_SEEDS = 40;

    static Stream<Arguments> histories() {
        return histories(SEEDS);
    }

    static Stream<Arguments> manyHistories() {
        return histories(MORE_SEEDS);
    }

    private static Stream<Arguments> histories(int seeds) {
        return Designs.all().stream()
                .map(SharingDesign::name)
                .flatMap(design -> GuestIsa.all().stream()
                        .flatMap(isa -> IntStream.rangeClosed(1, seeds)
                                .mapToObj(seed -> Arguments.of(design, isa, 2 + seed % 5, 1 + seed % 2, seed))));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everyProcessSeesWhatTheModelSays(String design, GuestIsa isa, int processes, int harts, int seed) {
        check(design, isa, processes, harts, seed);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("manyHistories")
    void everyProcessSeesWhatTheModelSays_throughout(String design, GuestIsa isa, int processes, int harts, int seed) {
        check(design, isa, processes, harts, seed);
    }

    private static void check(String design, GuestIsa isa, int processes, int harts, int seed) {
        // Processes wait for each other by yielding, and with several harts the sanitizer looks at each return.
        int steps = harts == 1 ? STEPS : STEPS / 4;
        GuestRun.Outcome outcome = GuestRun.of("histories", isa, "" + processes, "" + steps, "" + seed)
                .withDesign(design)
                .withHarts(harts)
                .runSanitized();

        assertThat(outcome.output()).as(outcome.error()).isEqualTo("%d steps: ok\n".formatted(steps));
        assertThat(outcome.result().ending().shellStatus()).isZero();
        assertThat(outcome.result().warnings()).isEmpty();
    }
}
