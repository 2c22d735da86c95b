package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.paging.PagingMode;

/// Random scripts against a naive model; a failure names the seed and the shortest script found that still fails.
class OperationScriptTest {
    private static final int SEEDS = 25;
    private static final int STEPS = 120;

    @ParameterizedTest
    @EnumSource
    void scripts_leaveMemoryAsTheModelSays(PagingMode mode) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Long> script = script(seed);
            if (failure(mode, script) != null) {
                List<Long> shortest = shrink(mode, script);
                throw new AssertionError("seed %d, steps %s: %s".formatted(seed, shortest, failure(mode, shortest)));
            }
        }
        assertThat(script(1)).isNotEqualTo(script(2));
    }

    private static List<Long> script(int seed) {
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        List<Long> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            steps.add(random.nextLong() >>> 1);
        }
        return steps;
    }

    private static @Nullable String failure(PagingMode mode, List<Long> script) {
        ModelledMachine machine = new ModelledMachine(mode);
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
    private static List<Long> shrink(PagingMode mode, List<Long> script) {
        List<Long> best = script;
        for (int chunk = script.size() / 2; chunk > 0; chunk /= 2) {
            for (int start = 0; start + chunk <= best.size(); ) {
                List<Long> shorter = new ArrayList<>(best.subList(0, start));
                shorter.addAll(best.subList(start + chunk, best.size()));
                if (failure(mode, shorter) != null) {
                    best = shorter;
                } else {
                    start += chunk;
                }
            }
        }
        return best;
    }
}
