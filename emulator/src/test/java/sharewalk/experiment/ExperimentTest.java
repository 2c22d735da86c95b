package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.count.Counter;

/// Whole runs of guest programs.
@Tag("native")
final class ExperimentTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"riscv64", "x86_64"})
    void run_givesTheSameResultTwice(String isa) {
        ExperimentSpec spec = spec(isa, "private", 512L << 20, "hello");

        RunResult first = run(spec);
        RunResult second = run(spec);

        assertThat(second).isEqualTo(first);
        assertThat(first.ending()).isEqualTo(new Ending.Exited(0));
        assertThat(output.toString(StandardCharsets.UTF_8)).startsWith("Hello from a guest program\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"riscv64", "x86_64"})
    void msharefs_takesOneMinorFaultPerPageAndOneLinkFaultPerProcess(String isa) {
        String[] arguments = {"--processes", "3", "--pages", "64"};
        RunResult privately = run(spec(isa, "private", 512L << 20, "shared-buffer", arguments));
        RunResult shared = run(spec(isa, "msharefs", 512L << 20, "shared-buffer", arguments));

        assertThat(region(privately).get(Metric.MINOR_FAULTS)).isEqualTo(3 * 64);
        assertThat(region(shared).get(Metric.MINOR_FAULTS)).isEqualTo(64);
        assertThat(privately.totals().get(Metric.LINK_FAULTS)).isZero();
        assertThat(shared.totals().get(Metric.LINK_FAULTS)).isEqualTo(3);
        assertThat(shared.phase("steady").get(Metric.L1D_MISSES))
                .isEqualTo(privately.phase("steady").get(Metric.L1D_MISSES));
    }

    @Test
    void phasesProcessesAndMappings_addUpToTheTotals() {
        RunResult result = run(spec("riscv64", "msharefs", 512L << 20, "shared-buffer", "--pages", "16"));

        for (Counter counter : Counter.values()) {
            long total = result.totals().counts().get(counter);
            assertThat(sum(result.phases(), counter)).as(counter.key()).isEqualTo(total);
            assertThat(sum(result.mappings(), counter)).as(counter.key()).isEqualTo(total);
            assertThat(result.processes().stream()
                            .mapToLong(process -> process.measures().counts().get(counter))
                            .sum())
                    .as(counter.key())
                    .isEqualTo(total);
        }
        assertThat(result.phase("steady").pageTableBytesPeak())
                .isEqualTo(result.totals().pageTableBytesPeak());
        assertThat(result.totals().sharedPageTableBytesPeak()).isPositive();
    }

    @Test
    void memoryUsedUp_killsTheProcessAndStillReports() {
        RunResult result = run(spec("riscv64", "private", 8L << 20, "many-pages"));

        assertThat(result.ending()).isEqualTo(new Ending.Killed(9));
        assertThat(result.warnings()).anyMatch(warning -> warning.startsWith("Guest memory is used up"));
        assertThat(result.totals().get(Metric.MINOR_FAULTS)).isPositive();
    }

    @Test
    void noProgram_isRefusedUnderTheNameTheUserGave() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "no program");
        GuestCommand command = new GuestCommand(file, "./notes.txt", List.of(), List.of());
        ExperimentSpec like = spec("riscv64", "private", 8L << 20, "hello");
        ExperimentSpec spec =
                new ExperimentSpec(like.machine(), like.origin(), like.slices(), like.design(), command, List.of());

        assertThatThrownBy(() -> run(spec))
                .isInstanceOf(UnrunnableProgramException.class)
                .hasMessage("./notes.txt is not an ELF file.");
    }

    private RunResult run(ExperimentSpec spec) {
        output.reset();
        return Experiment.run(spec, StandardStreams.of(output, output), List.of());
    }

    private static long sum(List<NamedMeasures> each, Counter counter) {
        return each.stream()
                .mapToLong(one -> one.measures().counts().get(counter))
                .sum();
    }

    private static Measures region(RunResult result) {
        return new Comparison.Row("", 1, result.spec().design(), result, "").region();
    }

    private static ExperimentSpec spec(
            String isaName, String design, long ramBytes, String program, String... arguments) {
        GuestIsa isa = isaName.equals("riscv64") ? GuestIsa.RISCV64 : GuestIsa.X86_64;
        MachineSpec machine = new MachineSpec(
                isa, isa.defaultPaging(), MachineProfile.DEFAULT, 1, ramBytes, 1, false, MissExplanation.NONE);
        Path file = GUESTS.resolve(isaName).resolve(program);
        GuestCommand command = new GuestCommand(
                file, program, List.of(arguments), List.of(ExperimentSpec.DESIGN_VARIABLE + "=" + design));
        return new ExperimentSpec(
                machine, Machines.ofDefault(), new Slices(10_000, 1_000_000), design, command, List.of());
    }
}
