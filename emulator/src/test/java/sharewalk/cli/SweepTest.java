package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.experiment.Ending;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.Slices;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;

/// What is left of many runs when they are interrupted, or when one of them breaks.
@Tag("native")
final class SweepTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));

    private final StringWriter err = new StringWriter();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    @Test
    void interruptedRuns_leaveThoseThatWereFinished() {
        Sweep.Run<String> first = new Sweep.Run<>(spec("hello"), "first", (result, output) -> {
            interrupted.set(true);
            return output;
        });

        Sweep.Results<String> results = results(List.of(first, endless(), endless(), endless()));

        assertThat(results.kept()).hasSize(1).first().asString().startsWith("Hello from a guest program\n");
        assertThat(results.conclude(true, new PrintWriter(err))).isEqualTo(130);
        assertThat(err.toString()).isEqualTo("sharewalk: interrupted after 1 of 4 runs." + System.lineSeparator());
    }

    @Test
    void interruptionBeforeTheFirstRun_leavesNothing() {
        interrupted.set(true);

        Sweep.Results<String> results = results(List.of(endless()));

        assertThat(results.kept()).isEmpty();
        assertThat(results.conclude(true, new PrintWriter(err))).isEqualTo(130);
    }

    @Test
    void brokenRun_isShownAndTheOthersGoOn() {
        Sweep.Run<String> broken = new Sweep.Run<>(spec("hello"), "broken", (result, output) -> {
            if (result.ending() instanceof Ending.Exited) {
                throw new IllegalStateException("a defect");
            }
            return result.ending().describe();
        });

        Sweep.Results<String> results = results(List.of(broken, hello()));

        assertThat(results.kept())
                .containsExactly(
                        "stopped by a defect of Sharewalk: java.lang.IllegalStateException: a defect", "exit status 0");
        assertThat(results.conclude(false, new PrintWriter(err))).isEqualTo(70);
    }

    @Test
    void runThatCannotBeMade_endsAll() {
        ExperimentSpec none = spec("no-such-program");

        assertThatThrownBy(() -> results(List.of(new Sweep.Run<>(none, "none", (result, output) -> output), endless())))
                .hasMessageContaining("no-such-program");
    }

    @Test
    void exitStatus_is0OrWhetherAllIsAsItShouldBe() {
        Sweep.Results<String> results = results(List.of(hello()));

        assertThat(results.conclude(true, new PrintWriter(err))).isZero();
        assertThat(results.conclude(false, new PrintWriter(err))).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
    }

    private Sweep.Results<String> results(List<Sweep.Run<String>> runs) {
        Progress progress = new Progress(Progress.Style.QUIET, new PrintWriter(new StringWriter()), runs.size());
        return new Sweep<>(runs, progress, interrupted::get).results();
    }

    private static Sweep.Run<String> hello() {
        return new Sweep.Run<>(
                spec("hello"), "hello", (result, output) -> result.ending().describe());
    }

    /// A run that nothing but an interruption ends.
    private static Sweep.Run<String> endless() {
        return new Sweep.Run<>(spec("memwalk", "64", "100000000"), "endless", (result, output) -> output);
    }

    private static ExperimentSpec spec(String program, String... arguments) {
        MachineSpec machine = new MachineSpec(
                GuestIsa.RISCV64,
                GuestIsa.RISCV64.defaultPaging(),
                MachineProfile.DEFAULT,
                1,
                512L << 20,
                1,
                false,
                MissExplanation.NONE);
        Path file = GUESTS.resolve("riscv64").resolve(program);
        return new ExperimentSpec(
                machine,
                Machines.ofDefault(),
                new Slices(10_000, 1_000_000),
                "private",
                new GuestCommand(file, program, List.of(arguments), List.of()),
                List.of());
    }
}
