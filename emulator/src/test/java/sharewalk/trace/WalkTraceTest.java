package sharewalk.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.experiment.Experiment;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.Metric;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.Slices;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.paging.PagingMode;

/// The trace of a run with a shared region.
@Tag("native")
final class WalkTraceTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));
    private static final int COLUMNS = 9;

    @Test
    void trace_hasOneLineForEachCountedWalk() throws IOException {
        StringWriter text = new StringWriter();

        RunResult result = run(new WalkTrace(text));

        List<String[]> walks = text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" "))
                .toList();
        assertThat(walks)
                .hasSize((int) result.totals().get(Metric.WALKS))
                .allMatch(columns -> columns.length == COLUMNS);
        assertThat(walks.stream().filter(columns -> columns[8].startsWith("fault:")))
                .hasSize((int) result.totals().get(Metric.FAULTING_WALKS));
        assertThat(walks.stream()
                        .flatMap(columns -> List.of(columns[7].split(",")).stream())
                        .filter(entry -> !entry.endsWith("cached")))
                .hasSize((int) result.totals().get(Metric.WALK_STEPS));
        assertThat(walks.getFirst()).startsWith("0", "0", "100").contains("_start", "fetch");
        assertThat(walks).anyMatch(columns -> columns[4].startsWith("populate") && columns[7].contains(":shared"));
        assertThat(walks).noneMatch(columns -> columns[4].startsWith("_start") && columns[7].contains(":shared"));
    }

    @Test
    void fullDisk_endsTheTraceAndNotTheRun() throws IOException {
        FailingWriter out = new FailingWriter();
        WalkTrace trace = new WalkTrace(out);
        out.full = true;

        RunResult result = run(trace);

        assertThat(trace.failure()).hasMessage("disk full");
        assertThat(result.ending().shellStatus()).isZero();
    }

    private static RunResult run(WalkTrace trace) {
        MachineSpec machine = new MachineSpec(
                GuestIsa.RISCV64,
                PagingMode.SV39,
                MachineProfile.DEFAULT,
                1,
                64L << 20,
                1,
                false,
                MissExplanation.NONE);
        GuestCommand command = new GuestCommand(
                GUESTS.resolve("riscv64/shared-buffer"),
                "shared-buffer",
                List.of("--pages", "16", "--processes", "2"),
                List.of(ExperimentSpec.DESIGN_VARIABLE + "=msharefs"));
        ExperimentSpec spec = new ExperimentSpec(
                machine, Machines.ofDefault(), new Slices(10_000, 1_000_000), "msharefs", command, List.of());
        StandardStreams streams = StandardStreams.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Experiment.run(spec, streams, List.of(trace));
    }

    private static final class FailingWriter extends Writer {
        private boolean full;

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            if (full) {
                throw new IOException("disk full");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
