package sharewalk.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import sharewalk.experiment.Ending;
import sharewalk.experiment.Experiment;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.RunResult;
import sharewalk.kernel.fs.device.StandardStreams;

/// Many runs: independent machines, as many side by side as the host has processors. What comes out does not depend on
/// how many.
///
/// A run that a defect of Sharewalk breaks off is a result like another; the others go on. Runs that an interruption
/// cuts short have no result: their figures would not be those of the program.
///
/// @param <T> what is kept of a run
final class Sweep<T> {
    private static final long POLL_MILLIS = 50;

    /// How long interrupted runs may take to notice: less than what the virtual machine is held back for.
    private static final long PATIENCE_SECONDS = 5;

    private final List<Run<T>> runs;
    private final Progress progress;
    private final BooleanSupplier interrupted;
    private final AtomicBoolean givenUp = new AtomicBoolean();

    /// A run to make.
    ///
    /// @param label what it is called while it is waited for
    /// @param reading what is kept, of the result and of what the guest printed; the rest is let go at once
    record Run<T>(ExperimentSpec spec, String label, BiFunction<RunResult, String, T> reading) {}

    /// What came of the runs.
    ///
    /// @param kept what is kept of each finished run, in their order
    /// @param planned the number of runs there were to make
    /// @param isBroken whether a defect of Sharewalk broke one off
    record Results<T>(List<T> kept, int planned, boolean isBroken) {
        /// Tells if runs are missing, and returns the exit status.
        ///
        /// @param succeeded whether all that was finished is as it should be
        int conclude(boolean succeeded, PrintWriter err) {
            if (kept.size() < planned) {
                err.println("sharewalk: interrupted after %d of %d runs.".formatted(kept.size(), planned));
                err.flush();
                return CommandFailure.INTERRUPTED;
            }
            if (isBroken) {
                return CommandFailure.DEFECT;
            }
            return succeeded ? 0 : CommandFailure.FAILED;
        }
    }

    /// A finished run.
    private record Finished<T>(T kept, boolean isBroken) {}

    /// @param interrupted asked again and again while runs are made: whether to end with those that are finished
    Sweep(List<Run<T>> runs, Progress progress, BooleanSupplier interrupted) {
        this.runs = List.copyOf(runs);
        this.progress = progress;
        this.interrupted = interrupted;
    }

    /// Makes the runs.
    Results<T> results() {
        int threads = Math.clamp(runs.size(), 1, Runtime.getRuntime().availableProcessors());
        // A run that does not notice an interruption must not keep the virtual machine up.
        ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().factory());
        try (progress) {
            List<Future<Optional<Finished<T>>>> futures = new ArrayList<>();
            for (Run<T> run : runs) {
                futures.add(pool.submit(() -> make(run)));
            }
            pool.shutdown();
            await(pool);
            return collect(futures);
        } catch (InterruptedException e) {
            givenUp.set(true);
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("Interrupted.");
        }
    }

    private void await(ExecutorService pool) throws InterruptedException {
        while (!pool.awaitTermination(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            if (interrupted.getAsBoolean()) {
                boolean ignored = pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return;
            }
        }
    }

    private Results<T> collect(List<Future<Optional<Finished<T>>>> futures) {
        List<T> kept = new ArrayList<>();
        boolean isBroken = false;
        for (Future<Optional<Finished<T>>> future : futures) {
            if (future.state() == Future.State.FAILED) {
                throw asUnchecked(future.exceptionNow());
            }
            if (future.state() == Future.State.SUCCESS && future.resultNow().isPresent()) {
                Finished<T> finished = future.resultNow().get();
                kept.add(finished.kept());
                isBroken |= finished.isBroken();
            }
        }
        return new Results<>(kept, runs.size(), isBroken);
    }

    private boolean isToEnd() {
        return givenUp.get() || interrupted.getAsBoolean();
    }

    /// Returns what came of a run; nothing if it was not finished.
    private Optional<Finished<T>> make(Run<T> run) {
        AtomicBoolean cut = new AtomicBoolean(isToEnd());
        if (cut.get()) {
            return Optional.empty();
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        try {
            RunResult result = Experiment.run(run.spec(), StandardStreams.of(output, complaints), List.of(), () -> {
                cut.compareAndSet(false, isToEnd());
                return cut.get();
            });
            if (cut.get()) {
                return Optional.empty();
            }
            T kept = run.reading().apply(result, output.toString(StandardCharsets.UTF_8));
            progress.done(run.label(), complaints.toString(StandardCharsets.UTF_8));
            return Optional.of(new Finished<>(kept, result.ending() instanceof Ending.Broken));
        } catch (RuntimeException | Error e) {
            if (ErrorHandling.isExpected(e)) {
                givenUp.set(true);
                throw e;
            }
            return cut.get() ? Optional.empty() : Optional.of(broken(run, e));
        }
    }

    private Finished<T> broken(Run<T> run, Throwable defect) {
        T kept = run.reading().apply(RunResult.broken(run.spec(), defect.toString()), "");
        progress.done(run.label(), "This should not have happened: " + defect + ".");
        return new Finished<>(kept, true);
    }

    private static RuntimeException asUnchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
