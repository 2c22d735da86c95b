package sharewalk.kernel.process;

import static sharewalk.abi.Errno.E2BIG;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import java.nio.ByteBuffer;
import java.util.List;
import sharewalk.abi.Errno;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.elf.ElfImage;
import sharewalk.elf.ElfSegment;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.OutOfFramesException;

/// The loader of exec: a fresh address space with the program's segments, zeros behind them, heap, trampoline and
/// stack, placed as Linux does without randomisation.
public final class ProgramLoader {
    private static final long PAGE = PagingMode.PAGE_BYTES;

    private final MemoryContext context;
    private final GuestIsa isa;
    private final KernelSettings settings;
    private final GuestRandom random;
    private final TrampolinePage trampoline;

    /// Creates the loader of a machine; what is random comes from `random`.
    ProgramLoader(MemoryContext context, GuestIsa isa, KernelSettings settings, GuestRandom random) {
        this.context = context;
        this.isa = isa;
        this.settings = settings;
        this.random = random;
        trampoline = new TrampolinePage(context.frames(), context.memory());
    }

    /// A program in memory, ready to run.
    record Loaded(TaskMemory memory, Program program, long entry, long stackPointer) {}

    /// What a program is started with.
    public record Start(ProgramFile file, List<String> arguments, List<String> environment) {}

    /// Loads a program for a process whose events `accounts` counts; or returns -ENOMEM or -E2BIG.
    Outcome<Loaded> load(Start start, ProcessAccounts accounts) {
        AddressSpace space;
        try {
            space = AddressSpace.create(context);
        } catch (OutOfFramesException e) {
            return Outcome.error(-ENOMEM);
        }
        TaskMemory memory = new TaskMemory(space);
        Outcome<Loaded> loaded;
        try {
            loaded = fill(memory, start, accounts);
        } catch (BadAddressException e) {
            loaded = Outcome.error(-ENOMEM);
        }
        if (loaded.isError()) {
            memory.release(FlushCause.EXEC);
        }
        return loaded;
    }

    private Outcome<Loaded> fill(TaskMemory memory, Start start, ProcessAccounts accounts) {
        AddressSpace space = memory.space();
        ElfImage image = start.file().image();
        long bias = image.isPositionIndependent() ? space.windowEnd() / 3 * 2 & -PAGE : 0;
        for (ElfSegment segment : image.segments()) {
            long error = mapSegment(space, start.file(), segment, bias);
            if (error < 0) {
                return Outcome.error(error);
            }
        }
        space.startHeap(image.end() + bias + PAGE - 1 & -PAGE);
        long top = space.mapStack(PROT_READ | PROT_WRITE);
        long returnCode = isa instanceof RiscV64 ? mapTrampoline(space) : 0;
        if (Errno.isError(top) || Errno.isError(returnCode)) {
            return Outcome.error(-ENOMEM);
        }
        // From here on pages are touched: they are the new program's.
        context.current().enter(context.current().hart(), accounts.map(space.vmas()));
        clearTails(memory, image, bias);
        InitialStack.Content content = content(start, image, bias);
        if (content.sizeBytes() > Math.min(settings.stackBytes() / 4, InitialStack.ARGUMENT_LIMIT)) {
            return Outcome.error(-E2BIG);
        }
        InitialStack stack = InitialStack.build(top, content);
        memory.write(stack.stackPointer(), stack.bytes());
        Program program = new Program(start.file().path(), start.arguments(), image.symbols(), bias, returnCode);
        return Outcome.of(new Loaded(memory, program, image.entry() + bias, stack.stackPointer()));
    }

    private static long mapSegment(AddressSpace space, ProgramFile file, ElfSegment segment, long bias) {
        int prot = (segment.read() ? PROT_READ : 0)
                | (segment.write() ? PROT_WRITE : 0)
                | (segment.execute() ? PROT_EXEC : 0);
        long firstPage = segment.firstPage() + bias;
        long fileEnd = segment.fileSizeBytes() == 0 ? firstPage : segment.fileEnd() + bias + PAGE - 1 & -PAGE;
        long end = segment.endPage() + bias;
        if (fileEnd > firstPage) {
            FileToMap toMap = new FileToMap(true, false, true, file.source());
            long offset = segment.fileOffset() & -PAGE;
            long mapped = space.map(
                    new MapRequest(firstPage, fileEnd - firstPage, prot, MAP_PRIVATE | MAP_FIXED, toMap, offset));
            if (Errno.isError(mapped)) {
                return mapped;
            }
        }
        if (end > fileEnd) {
            long mapped = space.map(MapRequest.anonymous(fileEnd, end - fileEnd, prot, MAP_PRIVATE | MAP_FIXED));
            return Errno.isError(mapped) ? mapped : 0;
        }
        return 0;
    }

    private long mapTrampoline(AddressSpace space) {
        FileToMap toMap = new FileToMap(true, false, true, trampoline);
        return space.map(new MapRequest(0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, toMap, 0));
    }

    /// Clears what the last page of a segment holds of the file behind the segment's own bytes.
    private static void clearTails(TaskMemory memory, ElfImage image, long bias) {
        for (ElfSegment segment : image.segments()) {
            long start = segment.fileEnd() + bias;
            long end = Math.min(start + PAGE - 1 & -PAGE, segment.end() + bias);
            boolean hasTail = segment.write() && segment.memSizeBytes() > segment.fileSizeBytes() && end > start;
            if (hasTail && segment.fileSizeBytes() > 0) {
                memory.write(start, new byte[(int) ((start + PAGE - 1 & -PAGE) - start)]);
            }
        }
    }

    private InitialStack.Content content(Start start, ElfImage image, long bias) {
        byte[] seed = new byte[16];
        random.fill(ByteBuffer.wrap(seed));
        return new InitialStack.Content(
                start.file().path(),
                start.arguments(),
                start.environment(),
                isa.name(),
                seed,
                AuxiliaryVector.of(isa, image, bias, settings.hwcap()));
    }
}
