package sharewalk.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.Experiment;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.RunResult;
import sharewalk.kernel.fs.device.StandardStreams;

/// The runs of a comparison: independent machines, as many side by side as the host has processors. What comes out does
/// not depend on how many.
final class ComparisonRuns {
    private final List<Planned> plan;
    private final PrintWriter progress;
    private int done;

    /// A run to make.
    record Planned(ExperimentSpec spec, int processes) {
        String describe() {
            return "%s, %s, %d %s, %s"
                    .formatted(
                            spec.machine().isa().name(),
                            spec.machine().profile().name(),
                            processes,
                            processes == 1 ? "process" : "processes",
                            spec.design());
        }
    }

    ComparisonRuns(List<Planned> plan, PrintWriter progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /// Returns the results in the order of the plan.
    List<Comparison.Row> run() {
        int threads = Math.clamp(plan.size(), 1, Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Comparison.Row>> futures = new ArrayList<>();
            for (Planned planned : plan) {
                futures.add(pool.submit(() -> runOne(planned)));
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

    private static List<Comparison.Row> collect(List<Future<Comparison.Row>> futures)
            throws ExecutionException, InterruptedException {
        List<Comparison.Row> rows = new ArrayList<>();
        for (Future<Comparison.Row> future : futures) {
            rows.add(future.get());
        }
        return rows;
    }

    private Comparison.Row runOne(Planned planned) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        RunResult result = Experiment.run(planned.spec(), StandardStreams.of(output, errors), List.of());
        tell(planned, errors.toString(StandardCharsets.UTF_8));
        return new Comparison.Row(
                planned.spec().machine().isa().name(),
                planned.processes(),
                planned.spec().design(),
                result,
                output.toString(StandardCharsets.UTF_8));
    }

    private synchronized void tell(Planned planned, String errors) {
        done++;
        progress.println("[%d/%d] %s".formatted(done, plan.size(), planned.describe()));
        errors.lines().forEach(line -> progress.println("        " + line));
        progress.flush();
    }

    private static RuntimeException asUnchecked(ExecutionException failure) {
        @Nullable Throwable cause = failure.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
