package sharewalk.kernel.mm;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.paging.PagingMode;

/// No design that shares the tables of ordinary areas changes what a process sees: random scripts over one to six
/// address spaces, compared after each step with a naive model that knows nothing of tables.
class IsolationTest {
    /// The designs held to it, as the command line names them: one more is one line more.
    private static final List<String> DESIGNS = List.of(
            "private",
            "transparent",
            "transparent:hint",
            "attach",
            "fork-cow",
            "fork-cow:on-demand",
            // Its own tables are those of huge pages: what is held here is that all others stay as they are.
            "hugetlb-pmd");

    private static final int SEEDS = 6;
    private static final int STEPS = 160;

    static Stream<Arguments> machines() {
        return DESIGNS.stream()
                .flatMap(design ->
                        Stream.of(PagingMode.SV39, PagingMode.X86_64_4LEVEL).map(mode -> Arguments.of(design, mode)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyProcessSeesWhatTheModelSays_whateverOthersDid(String design, PagingMode mode) {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomScript.run(seed, STEPS, script -> failure(design, mode, script));
        }
    }

    private static @Nullable String failure(String design, PagingMode mode, List<Long> script) {
        IsolatedProcesses processes = new IsolatedProcesses(design, mode);
        try {
            for (long step : script) {
                processes.step(step);
            }
            processes.end();
            return null;
        } catch (AssertionError | RuntimeException e) {
            return processes.lastStep() + ": " + e;
        }
    }
}
