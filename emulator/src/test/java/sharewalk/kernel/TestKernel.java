package sharewalk.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import sharewalk.cpu.CodeFrames;
import sharewalk.cpu.GuestIsa;
import sharewalk.elf.TestElf;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.tree.StandardTree;
import sharewalk.kernel.fs.tree.TreeSettings;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.kernel.mm.flush.HartTranslations;
import sharewalk.kernel.process.FileServices;
import sharewalk.kernel.process.GuestClock;
import sharewalk.kernel.process.KernelSettings;
import sharewalk.kernel.process.MachineInProc;
import sharewalk.kernel.process.ProcessesInProc;
import sharewalk.kernel.process.TaskMemory;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.TableContext;

/// A kernel over scripted harts, with the standard tree of files and [TestElf] as its one program, /bin/prog.
public final class TestKernel {
    private final Kernel kernel;
    private final StandardTree tree;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /// Creates a machine with so many harts.
    public TestKernel(Script script, GuestIsa isa, int hartCount, KernelSettings settings) {
        SegmentMemory memory = SegmentMemory.onHeap(16 << 20);
        FrameAllocator frames = new FrameAllocator(FrameTable.of(memory), memory, _ -> {});
        List<ScriptedCpu> harts = new ArrayList<>();
        for (int hart = 0; hart < hartCount; hart++) {
            harts.add(new ScriptedCpu(isa, hart, script));
        }
        TableContext tables = new TableContext(isa.defaultPaging(), memory, frames, new InvalidationLedger());
        List<HartTranslations> translations = List.copyOf(
                harts.stream().map(hart -> (HartTranslations) hart::invalidate).toList());
        CodeFrames code = _ -> {};
        MemoryContext context = new MemoryContext(
                tables, FlushSettings.ofAsids(16), Set.of(PagingFeature.HARDWARE_UPDATE), code, translations);
        GuestClock clock = new GuestClock();
        GuestRandom random = new GuestRandom(1);
        ProcessesInProc proc = new ProcessesInProc();
        tree = StandardTree.of(new TreeSettings(
                new PageFrames(frames, memory, code, context.current()),
                context.hugeMemory(),
                clock::realTime,
                random,
                StandardStreams.of(output, OutputStream.nullOutputStream()),
                proc,
                new MachineInProc(isa, hartCount, context, clock)));
        kernel = new Kernel(new Kernel.Parts(harts, context, FileServices.of(tree, random, proc), clock, settings));
        try {
            Path file = Files.createTempFile("prog", ".elf");
            Files.write(file, TestElf.program(isa.elfMachine()).bytes());
            tree.addProgram(file, "/bin/prog");
            file.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the kernel.
    public Kernel kernel() {
        return kernel;
    }

    /// Starts the program and runs it to the end.
    public KernelReport run() {
        try {
            kernel.start(new ProgramRequest(
                    "/bin/prog", List.of("prog", "one"), List.of("HOME=/"), "/tmp", tree.newFileTable()));
        } catch (ProgramException e) {
            throw new AssertionError(e);
        }
        KernelReport report = kernel.run(() -> false);
        try {
            tree.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return report;
    }

    /// Returns the memory of the process that runs.
    public TaskMemory memory() {
        return Objects.requireNonNull(kernel.services().processes().current()).memory();
    }

    /// Returns whether the page table of the process that runs allows an access.
    public boolean isAccessible(long virtAddr, AccessType access) {
        PteFormat format = kernel.services().memory().paging().format();
        long pte = memory().space().table().cursor().pteAt(virtAddr);
        return pte != 0 && (access != AccessType.STORE || format.isWritable(pte));
    }

    /// Returns what the program wrote to its standard output.
    public String output() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
