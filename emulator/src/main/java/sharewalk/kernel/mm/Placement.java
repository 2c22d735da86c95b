package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.MmapFlags.MAP_32BIT;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

/// The choice of an address for a new mapping: top-down below the stack, as Linux does it
/// (`arch_get_unmapped_area_topdown` of arch/x86, `generic_get_unmapped_area_topdown` for RISC-V).
public final class Placement {
    private static final long LOW_START = 0x4000_0000L;
    private static final long LOW_END = 0x8000_0000L;

    private final AddressSpace space;

    Placement(AddressSpace space) {
        this.space = space;
    }

    /// Returns the address for `sizeBytes` bytes (whole pages), or a negative error number (`get_unmapped_area`).
    long place(MapRequest request, long sizeBytes) {
        Layout layout = space.layout();
        if (sizeBytes > layout.end() - layout.lowest()) {
            return -ENOMEM;
        }
        long alignment = request.pageBytes();
        if (request.isFixed()) {
            long fixed = checkFixed(request.virtAddr(), sizeBytes);
            return fixed >= 0 && (fixed & (alignment - 1)) != 0 ? -EINVAL : fixed;
        }
        boolean x86 = space.context().rules() == KernelRules.X86_64;
        boolean low = x86 && request.has(MAP_32BIT);
        // hugetlb_get_unmapped_area rounds up.
        long hint = alignment == PAGE_BYTES ? request.virtAddr() & -PAGE_BYTES : align(request.virtAddr(), alignment);
        boolean beyond = x86 && hint > layout.window();
        if (hint != 0) {
            long start = Math.max(hint, layout.lowest());
            // A mapping lies on one side of the window's end (`mmap_address_hint_valid`).
            long limit = low ? LOW_END : x86 && !beyond ? layout.window() : layout.end();
            if (start <= limit - sizeBytes && isFree(start, sizeBytes)) {
                return start;
            }
        }
        return low ? bottomUp(LOW_START, LOW_END, sizeBytes, alignment) : hole(sizeBytes, alignment, beyond);
    }

    /// Returns a fixed address if it may be used, or a negative error number.
    long checkFixed(long virtAddr, long sizeBytes) {
        Layout layout = space.layout();
        if (virtAddr < 0 || sizeBytes > layout.end() || virtAddr > layout.end() - sizeBytes) {
            return -ENOMEM;
        }
        if ((virtAddr & (PAGE_BYTES - 1)) != 0) {
            return -EINVAL;
        }
        return virtAddr < layout.lowest() ? -EPERM : virtAddr;
    }

    /// Returns whether `[virtAddr, virtAddr + sizeBytes)` can be mapped without touching another mapping or a stack's
    /// guard gap.
    public boolean isFree(long virtAddr, long sizeBytes) {
        Layout layout = space.layout();
        if (virtAddr < layout.lowest() || sizeBytes > layout.end() || virtAddr > layout.end() - sizeBytes) {
            return false;
        }
        Vma next = space.vmas().findOrNext(virtAddr);
        return next == null || virtAddr + sizeBytes <= startOf(next);
    }

    /// Returns the highest free address below the stack that is a multiple of `alignment` (a power of two), else the
    /// lowest above a third of the address space, or -ENOMEM.
    public long hole(long sizeBytes, long alignment) {
        return hole(sizeBytes, alignment, false);
    }

    /// On x86, whoever names an address beyond the window gets one of all; without, the window is kept in both passes.
    /// RISC-V keeps to it in the first pass only, whatever was named (`arch_get_mmap_base`, `arch_get_mmap_end`).
    private long hole(long sizeBytes, long alignment, boolean beyondWindow) {
        Layout layout = space.layout();
        boolean x86 = space.context().rules() == KernelRules.X86_64;
        long base = layout.mmapBase() + (beyondWindow ? layout.end() - layout.window() : 0);
        long end = x86 && !beyondWindow ? layout.window() : layout.end();
        long found = topDown(layout.lowest(), base, sizeBytes, alignment);
        return found >= 0 ? found : bottomUp(layout.bottomUpBase(), end, sizeBytes, alignment);
    }

    private long topDown(long lowest, long base, long sizeBytes, long alignment) {
        long gapEnd = base;
        Vma above = space.vmas().findOrNext(base);
        if (above != null) {
            gapEnd = Math.min(gapEnd, startOf(above));
        }
        while (gapEnd >= lowest + sizeBytes) {
            Vma below = space.vmas().startingBelow(gapEnd);
            long gapStart = below == null ? lowest : Math.max(lowest, below.end());
            long start = gapEnd - sizeBytes & -alignment;
            if (start >= gapStart) {
                return start;
            }
            if (below == null) {
                break;
            }
            gapEnd = Math.min(gapEnd, startOf(below));
        }
        return -ENOMEM;
    }

    private long bottomUp(long base, long end, long sizeBytes, long alignment) {
        long start = align(Math.max(base, space.layout().lowest()), alignment);
        while (start <= end - sizeBytes) {
            Vma next = space.vmas().findOrNext(start);
            if (next == null || start + sizeBytes <= startOf(next)) {
                return start;
            }
            start = align(next.end(), alignment);
        }
        return -ENOMEM;
    }

    private static long align(long virtAddr, long alignment) {
        return virtAddr + alignment - 1 & -alignment;
    }

    /// Returns where the addresses that belong to an area begin, a stack's guard gap included (`vm_start_gap`).
    private static long startOf(Vma vma) {
        return vma.has(VmaTraits.GROWS_DOWN) ? Math.max(0, vma.start() - Layout.STACK_GUARD_GAP) : vma.start();
    }
}
