package sharewalk.kernel.mm;

import sharewalk.mmu.paging.PagingMode;

/// The bounds of an address space without randomisation. Stack sizes are those of the default RLIMIT_STACK.
///
/// `end` is where user addresses end (`TASK_SIZE`) and `window` where those end that are given without being asked for:
/// below 2^47, so that programs may keep tags in the bits above (`DEFAULT_MAP_WINDOW`; the stack lies below it). From
/// `mmapBase` mmap(2) goes down, from `bottomUpBase` (`TASK_UNMAPPED_BASE`) up where that finds nothing.
record Layout(long end, long window, long mmapBase, long bottomUpBase, long lowest) {
    /// The default RLIMIT_STACK.
    static final long STACK_LIMIT = 8L << 20;

    /// The free space kept below a stack: 256 pages (`stack_guard_gap`).
    static final long STACK_GUARD_GAP = 256L * PagingMode.PAGE_BYTES;

    /// `vm.mmap_min_addr`.
    static final long LOWEST_MAPPABLE = 65536;

    private static final long SMALLEST_STACK_GAP = 128L << 20;
    private static final long LARGEST_WINDOW = 1L << 47;

    /// `MMAP_MIN_VA_BITS` of arch/riscv, whatever the paging mode.
    private static final long RISCV_BOTTOM_UP_SPACE = 1L << 39;

    /// Returns the layout of a process (`mmap_base` of mm/util.c and arch/x86/mm/mmap.c; `asm/processor.h` of both).
    static Layout ofProcess(PagingMode mode) {
        long window = Math.min(mode.userEnd(), LARGEST_WINDOW);
        long gap = Math.max(STACK_LIMIT + STACK_GUARD_GAP, SMALLEST_STACK_GAP);
        return switch (KernelRules.of(mode)) {
            case RISCV ->
                new Layout(mode.userEnd(), window, window - gap, pageAbove(RISCV_BOTTOM_UP_SPACE / 3), LOWEST_MAPPABLE);
            case X86_64 -> {
                // The last page below the non-canonical hole is left out.
                long end = mode.userEnd() - PagingMode.PAGE_BYTES;
                long top = window - PagingMode.PAGE_BYTES;
                yield new Layout(end, top, top - gap, pageAbove(top / 3), LOWEST_MAPPABLE);
            }
        };
    }

    /// Returns the layout of an address space that never runs and has only fixed mappings in `[start, end)`.
    static Layout ofRegion(long start, long end) {
        return new Layout(end, end, end, start, start);
    }

    private static long pageAbove(long virtAddr) {
        return virtAddr + PagingMode.PAGE_BYTES - 1 & -PagingMode.PAGE_BYTES;
    }
}
