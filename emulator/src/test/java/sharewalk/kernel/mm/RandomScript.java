package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A list of random numbers, each an operation to whoever runs it; a failure names the seed and the shortest list found
/// that still fails.
final class RandomScript {
    private RandomScript() {}

    /// Runs a script of `steps` numbers drawn from a seed; `failure` runs one and says what went wrong, or null.
    static void run(int seed, int steps, Function<List<Long>, @Nullable String> failure) {
        List<Long> script = script(seed, steps);
        if (failure.apply(script) != null) {
            List<Long> shortest = shrink(script, failure);
            throw new AssertionError("seed %d, steps %s: %s".formatted(seed, shortest, failure.apply(shortest)));
        }
    }

    static List<Long> script(int seed, int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> script = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            script.add(random.nextLong() >>> 1);
        }
        return script;
    }

    /// Leaves out chunks as long as the script still fails.
    private static List<Long> shrink(List<Long> script, Function<List<Long>, @Nullable String> failure) {
        List<Long> best = script;
        for (int chunk = script.size() / 2; chunk > 0; chunk /= 2) {
            for (int start = 0; start + chunk <= best.size(); ) {
                List<Long> shorter = new ArrayList<>(best.subList(0, start));
                shorter.addAll(best.subList(start + chunk, best.size()));
                if (failure.apply(shorter) != null) {
                    best = shorter;
                } else {
                    start += chunk;
                }
            }
        }
        return best;
    }
}
