package sharewalk.cpu.unicorn;

import sharewalk.mmu.Mmu;
import sharewalk.mmu.Translation;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;

/// A reader of the code a hart executes, through its MMU but without a trace in any modelled state.
final class GuestCode {
    private static final int PAGE_BYTES = 4096;

    /// A block is at most one page long and ends on the next at the latest.
    private static final int LARGEST_BYTES = 2 * PAGE_BYTES;

    private final Mmu mmu;
    private final PhysicalMemory memory;
    private final byte[] bytes = new byte[LARGEST_BYTES];

    GuestCode(Mmu mmu, PhysicalMemory memory) {
        this.mmu = mmu;
        this.memory = memory;
    }

    /// Returns the buffer that [#read] fills.
    byte[] bytes() {
        return bytes;
    }

    /// Reads up to `sizeBytes` bytes of code at an address; returns how many of them can be fetched.
    int read(long virtAddr, int sizeBytes) {
        int wanted = Math.min(sizeBytes, LARGEST_BYTES);
        int done = 0;
        while (done < wanted) {
            long at = virtAddr + done;
            long translation = mmu.peek(at, AccessType.FETCH);
            if (translation < 0) {
                return done;
            }
            int inPage = (int) (at & PAGE_BYTES - 1);
            int count = Math.min(wanted - done, PAGE_BYTES - inPage);
            memory.read(Translation.pageAddress(translation) + inPage, bytes, done, count);
            done += count;
        }
        return done;
    }
}
