package sharewalk.cpu.unicorn;

import java.util.Arrays;
import sharewalk.mmu.memory.PhysicalMemory;

/// Frame -> the one virtual page under which a hart's engine knows it now.
///
/// The engine's access hooks tell physical addresses; with one page for each frame they can be turned back.
final class FrameAddresses {
    static final long NOWHERE = -1;

    private final long[] pages;

    FrameAddresses(PhysicalMemory memory) {
        pages = new long[Math.toIntExact(memory.sizeBytes() >>> PhysicalMemory.FRAME_SHIFT)];
        Arrays.fill(pages, NOWHERE);
    }

    /// Notes the page under which a frame is accessed from now on; returns the one before, or [#NOWHERE].
    long show(long physAddr, long virtPage) {
        int frame = (int) (physAddr >>> PhysicalMemory.FRAME_SHIFT);
        long before = pages[frame];
        pages[frame] = virtPage;
        return before;
    }

    /// Returns the virtual address of a physical one.
    long virtAddr(long physAddr) {
        return pages[(int) (physAddr >>> PhysicalMemory.FRAME_SHIFT)] | (physAddr & PhysicalMemory.FRAME_BYTES - 1);
    }
}
