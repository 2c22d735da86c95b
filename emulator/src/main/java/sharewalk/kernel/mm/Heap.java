package sharewalk.kernel.mm;

import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import org.jspecify.annotations.Nullable;

/// The heap that brk(2) moves the end of.
final class Heap {
    private final AddressSpace space;
    private long start;
    private long end;

    Heap(AddressSpace space) {
        this.space = space;
    }

    void start(long virtAddr) {
        start = virtAddr;
        end = virtAddr;
    }

    void copy(Heap other) {
        start = other.start;
        end = other.end;
    }

    /// brk(2): returns the new end, or the old one when it cannot be moved.
    long moveEnd(long virtAddr) {
        if (virtAddr < start || virtAddr > space.end()) {
            return end;
        }
        long oldTop = pageUp(end);
        long newTop = pageUp(virtAddr);
        if (newTop < oldTop) {
            if (space.unmap(newTop, oldTop - newTop) != 0) {
                return end;
            }
        } else if (newTop > oldTop && !grow(oldTop, newTop)) {
            return end;
        }
        end = virtAddr;
        return end;
    }

    private boolean grow(long from, long to) {
        @Nullable Vma above = space.vmas().findOrNext(from);
        if (above != null) {
            long gap = above.has(VmaTraits.GROWS_DOWN) ? Layout.STACK_GUARD_GAP : 0;
            // One free page must remain.
            if (to + PAGE_BYTES > above.start() - gap) {
                return false;
            }
        }
        VmaTraits traits =
                new VmaTraits(PROT_READ | PROT_WRITE, VmaTraits.ALL_RIGHTS, 0, new Mapping.Anonymous(), "[heap]");
        space.vmas().insert(new Vma(from, to, from >> PAGE_SHIFT, traits));
        space.vmas().mergeAround(from, to);
        return true;
    }

    private static long pageUp(long virtAddr) {
        return virtAddr + PAGE_BYTES - 1 & -PAGE_BYTES;
    }
}
