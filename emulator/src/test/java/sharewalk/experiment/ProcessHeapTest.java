package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;

/// What a living process costs the host, apart from its page tables.
@Isolated
@Tag("native")
final class ProcessHeapTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));
    private static final int FEW = 20;
    private static final int MANY = 320;

    @Test
    void process_takesLessThan64KiBOfHeap() {
        // The first run leaves classes and caches behind.
        long ignored = heapWith(FEW);
        long few = heapWith(FEW);
        long perProcess = (heapWith(MANY) - few) / (MANY - FEW);

        assertThat(perProcess).isBetween(1L << 10, 64L << 10);
    }

    /// Returns the bytes of heap in use while so many clients have a region attached.
    private static long heapWith(int clients) {
        GuestIsa isa = GuestIsa.X86_64;
        MachineSpec machine = new MachineSpec(
                isa, isa.defaultPaging(), MachineProfile.DEFAULT, 1, 512L << 20, 1, false, MissExplanation.NONE);
        GuestCommand command = new GuestCommand(
                GUESTS.resolve("x86_64/clients"),
                "clients",
                List.of("--processes", Integer.toString(clients)),
                List.of(ExperimentSpec.DESIGN_VARIABLE + "=private"));
        ExperimentSpec spec = new ExperimentSpec(
                machine, Machines.ofDefault(), new Slices(10_000, 1_000_000), "private", command, List.of());
        HeapAtOutput heap = new HeapAtOutput();

        RunResult result = Experiment.run(spec, StandardStreams.of(heap, OutputStream.nullOutputStream()), List.of());

        assertThat(result.ending()).isEqualTo(new Ending.Exited(0));
        return heap.usedBytes;
    }

    /// Measures the heap when the guest prints for the first time: then all of its processes live.
    private static final class HeapAtOutput extends OutputStream {
        private long usedBytes;

        @Override
        public void write(int oneByte) {
            if (usedBytes == 0) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                usedBytes = runtime.totalMemory() - runtime.freeMemory();
            }
        }
    }
}
