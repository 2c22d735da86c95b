package sharewalk.kernel.process;

import static sharewalk.abi.Errno.ENOMEM;

import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.PageSource;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;

/// The page of code that signal handlers return to on RISC-V, where Linux has it in its vDSO: the rt_sigreturn system
/// call and nothing else.
final class TrampolinePage implements PageSource {
    /// `addi a7, zero, 139` and `ecall`.
    private static final long CODE = 0x0000_0073_08b0_0893L;

    private static final long SIZE = 4096;

    private final FrameAllocator frames;
    private final PhysicalMemory memory;
    private long pfn = FrameAllocator.NO_FRAME;

    TrampolinePage(FrameAllocator frames, PhysicalMemory memory) {
        this.frames = frames;
        this.memory = memory;
    }

    @Override
    public String name() {
        return "[vdso]";
    }

    @Override
    public long frame(long pageIndex, Wanted access) {
        if (pageIndex != 0) {
            return BEYOND_END;
        }
        if (pfn == FrameAllocator.NO_FRAME) {
            pfn = frames.allocate(FrameUse.DATA);
            if (pfn == FrameAllocator.NO_FRAME) {
                return -ENOMEM;
            }
            memory.write64(pfn << 12, CODE);
        }
        return pfn;
    }

    @Override
    public boolean isResident(long pageIndex) {
        return pageIndex == 0 && pfn != FrameAllocator.NO_FRAME;
    }

    @Override
    public long sizeBytes() {
        return SIZE;
    }

    @Override
    public void addMapping(AddressSpace space) {
        // Nobody ever truncates it.
    }

    @Override
    public void removeMapping(AddressSpace space) {
        // Nobody ever truncates it.
    }
}
