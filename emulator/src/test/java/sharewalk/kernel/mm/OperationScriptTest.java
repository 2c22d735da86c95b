package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.Designs;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.mmu.paging.PagingMode;

/// Random scripts against a naive model, under the designs that share tables of ordinary areas too; a failure names the
/// seed and the shortest script found that still fails.
class OperationScriptTest {
    private static final List<String> DESIGNS = List.of("private", "fork-cow", "fork-cow:on-demand");
    private static final int SEEDS = 20;
    private static final int STEPS = 120;

    static Stream<Arguments> machines() {
        return DESIGNS.stream()
                .flatMap(design -> Arrays.stream(PagingMode.values()).map(mode -> Arguments.of(design, mode)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void scripts_leaveMemoryAsTheModelSays(String design, PagingMode mode) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Long> script = script(seed);
            if (failure(design, mode, script) != null) {
                List<Long> shortest = shrink(design, mode, script);
                throw new AssertionError(
                        "seed %d, steps %s: %s".formatted(seed, shortest, failure(design, mode, shortest)));
            }
        }
        assertThat(script(1)).isNotEqualTo(script(2));
    }

    private static List<Long> script(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            steps.add(random.nextLong() >>> 1);
        }
        return steps;
    }

    private static Function<MemoryContext, TableSharing> sharing(String design) {
        return Designs.named(design).orElseThrow() instanceof InstallableDesign installable
                ? memory -> installable.install(memory, nobody()).tableSharing()
                : _ -> TableSharing.NONE;
    }

    @SuppressWarnings("NullAway")
    private static CallingTask nobody() {
        return null;
    }

    private static @Nullable String failure(String design, PagingMode mode, List<Long> script) {
        ModelledMachine machine = new ModelledMachine(mode, sharing(design));
        try {
            for (long step : script) {
                machine.step(step);
            }
            machine.end();
            return null;
        } catch (AssertionError | RuntimeException e) {
            return machine.lastStep() + ": " + e;
        }
    }

    /// Leaves out chunks as long as the script still fails.
    private static List<Long> shrink(String design, PagingMode mode, List<Long> script) {
        List<Long> best = script;
        for (int chunk = script.size() / 2; chunk > 0; chunk /= 2) {
            for (int start = 0; start + chunk <= best.size(); ) {
                List<Long> shorter = new ArrayList<>(best.subList(0, start));
                shorter.addAll(best.subList(start + chunk, best.size()));
                if (failure(design, mode, shorter) != null) {
                    best = shorter;
                } else {
                    start += chunk;
                }
            }
        }
        return best;
    }
}
