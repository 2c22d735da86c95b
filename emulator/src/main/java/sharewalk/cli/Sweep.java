package sharewalk.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.Experiment;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.RunResult;
import sharewalk.kernel.fs.device.StandardStreams;

/// Many runs: independent machines, as many side by side as the host has processors. What comes out does not depend on
/// how many.
///
/// @param <T> what is kept of a run
final class Sweep<T> {
    private final List<Run<T>> runs;
    private final Progress progress;

    /// A run to make.
    ///
    /// @param label what it is called while it is waited for
    /// @param reading what is kept, of the result and of what the guest printed; the rest is let go at once
    record Run<T>(ExperimentSpec spec, String label, BiFunction<RunResult, String, T> reading) {}

    Sweep(List<Run<T>> runs, Progress progress) {
        this.runs = List.copyOf(runs);
        this.progress = progress;
    }

    /// Returns what is kept of each run, in their order.
    List<T> results() {
        int threads = Math.clamp(runs.size(), 1, Runtime.getRuntime().availableProcessors());
        try (progress;
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> futures = new ArrayList<>();
            for (Run<T> run : runs) {
                futures.add(pool.submit(() -> make(run)));
            }
            try {
                return collect(futures);
            } catch (ExecutionException e) {
                pool.shutdownNow();
                throw asUnchecked(e);
            } catch (InterruptedException e) {
                pool.shutdownNow();
                Thread.currentThread().interrupt();
                throw CommandFailure.failed("Interrupted.");
            }
        }
    }

    private static <T> List<T> collect(List<Future<T>> futures) throws ExecutionException, InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    private T make(Run<T> run) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        RunResult result = Experiment.run(run.spec(), StandardStreams.of(output, complaints), List.of());
        T kept = run.reading().apply(result, output.toString(StandardCharsets.UTF_8));
        progress.done(run.label(), complaints.toString(StandardCharsets.UTF_8));
        return kept;
    }

    private static RuntimeException asUnchecked(ExecutionException failure) {
        @Nullable Throwable cause = failure.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
