package sharewalk.mmu.support;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A list of random operations, applied to a fresh subject. When one fails, the list is shrunk by deleting chunks as
/// long as it still fails, and the failure names the seed and what is left.
///
/// Deleting must leave a script that makes sense: a subject skips operations that do not apply.
public final class OperationScript<O> {
    /// What a script runs against: the thing under test together with its model.
    public interface Subject<O> {
        /// Applies one operation and checks what must hold after it.
        void apply(O operation);

        /// Checks what must hold at the end.
        void finish();
    }

    private final long seed;
    private final Supplier<? extends Subject<O>> subjects;
    private List<O> operations;

    private OperationScript(long seed, List<O> operations, Supplier<? extends Subject<O>> subjects) {
        this.seed = seed;
        this.operations = operations;
        this.subjects = subjects;
    }

    /// Runs `length` operations drawn with a generator seeded by `seed`.
    ///
    /// @throws AssertionError naming the seed and the shrunk script, caused by its failure
    public static <O> void run(
            long seed,
            int length,
            Function<SplittableRandom, ? extends O> generator,
            Supplier<? extends Subject<O>> subjects) {
        SplittableRandom random = new SplittableRandom(seed);
        List<O> operations = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            operations.add(generator.apply(random));
        }
        new OperationScript<>(seed, operations, subjects).runAndShrink();
    }

    private void runAndShrink() {
        Throwable failure = failureOf(operations);
        if (failure == null) {
            return;
        }
        for (int chunk = Math.max(1, operations.size() / 2); chunk > 0; chunk /= 2) {
            int from = 0;
            while (from < operations.size()) {
                List<O> shorter = new ArrayList<>(operations.subList(0, from));
                shorter.addAll(operations.subList(Math.min(from + chunk, operations.size()), operations.size()));
                Throwable again = failureOf(shorter);
                if (again == null) {
                    from += chunk;
                } else {
                    operations = shorter;
                    failure = again;
                }
            }
        }
        throw new AssertionError(report(failure), failure);
    }

    private @Nullable Throwable failureOf(List<O> candidate) {
        try {
            Subject<O> subject = subjects.get();
            candidate.forEach(subject::apply);
            subject.finish();
            return null;
        } catch (AssertionError | RuntimeException failure) {
            return failure;
        }
    }

    private String report(Throwable failure) {
        StringBuilder text = new StringBuilder(
                "seed %d: %s%nafter %d operations:%n".formatted(seed, failure.getMessage(), operations.size()));
        operations.forEach(operation -> text.append("  ").append(operation).append('\n'));
        return text.toString();
    }
}
