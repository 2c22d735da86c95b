package sharewalk.kernel.share.sharedpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.paging.PagingMode;

/// Random scripts against a naive model of each design; a failure names the seed and the shortest script found that
/// still fails.
class SharedPtScriptTest {
    private static final int SEEDS = 12;
    private static final int STEPS = 120;

    @ParameterizedTest
    @EnumSource
    void sharedPt2022_isAsTheModelSays(PagingMode mode) {
        run(mode, each -> new Machine2022(each, "shared-pt-2022"));
        run(mode, each -> new Machine2022(each, "shared-pt-2022:strict"));
    }

    @ParameterizedTest
    @EnumSource
    void sharedPt2026_isAsTheModelSays(PagingMode mode) {
        run(mode, Machine2026::new);
    }

    private static void run(PagingMode mode, Function<PagingMode, SharedPtMachine> machines) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Long> script = script(seed);
            if (failure(machines.apply(mode), script) != null) {
                List<Long> shortest = shrink(mode, machines, script);
                throw new AssertionError(
                        "seed %d, steps %s: %s".formatted(seed, shortest, failure(machines.apply(mode), shortest)));
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

    private static @Nullable String failure(SharedPtMachine machine, List<Long> script) {
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
    private static List<Long> shrink(
            PagingMode mode, Function<PagingMode, SharedPtMachine> machines, List<Long> script) {
        List<Long> best = script;
        for (int chunk = script.size() / 2; chunk > 0; chunk /= 2) {
            for (int start = 0; start + chunk <= best.size(); ) {
                List<Long> shorter = new ArrayList<>(best.subList(0, start));
                shorter.addAll(best.subList(start + chunk, best.size()));
                if (failure(machines.apply(mode), shorter) != null) {
                    best = shorter;
                } else {
                    start += chunk;
                }
            }
        }
        return best;
    }
}
