package sharewalk.kernel.mm;

import sharewalk.mmu.paging.PagingMode;

/// The bounds of an address space without randomisation: where user addresses end, from where mmap(2) goes down, and
/// where the heap begins. Stack sizes are those of the default RLIMIT_STACK.
record Layout(long end, long mmapBase, long lowest) {
    /// The default RLIMIT_STACK.
    static final long STACK_LIMIT = 8L << 20;

    /// The free space kept below a stack: 256 pages (`stack_guard_gap`).
    static final long STACK_GUARD_GAP = 256L * PagingMode.PAGE_BYTES;

    /// `vm.mmap_min_addr`.
    static final long LOWEST_MAPPABLE = 65536;

    private static final long SMALLEST_STACK_GAP = 128L << 20;

    /// Returns the layout of a process (`mmap_base` of mm/util.c and arch/x86).
    static Layout ofProcess(PagingMode mode) {
        // x86 leaves out the last page below the non-canonical hole.
        long end = mode.userEnd() - (KernelRules.of(mode) == KernelRules.X86_64 ? PagingMode.PAGE_BYTES : 0);
        long gap = Math.max(STACK_LIMIT + STACK_GUARD_GAP, SMALLEST_STACK_GAP);
        return new Layout(end, end - gap, LOWEST_MAPPABLE);
    }

    /// Returns the layout of an address space that never runs and has only fixed mappings in `[start, end)`.
    static Layout ofRegion(long start, long end) {
        return new Layout(end, end, start);
    }

    /// Returns where the search upwards begins (`TASK_UNMAPPED_BASE`).
    long bottomUpBase() {
        return end / 3 & -PagingMode.PAGE_BYTES;
    }
}
