package sharewalk.mmu.count;

/// The reason why a hart was told to forget translations.
public enum FlushCause {
    /// Another address space was loaded, and its id could not tell its entries from others'.
    CONTEXT_SWITCH("contextSwitch"),
    /// The ids of address spaces were used up and are given anew.
    ASID_ROLLOVER("asidRollover"),
    MUNMAP("munmap"),
    MPROTECT("mprotect"),
    MREMAP("mremap"),
    MADVISE("madvise"),
    FORK("fork"),
    EXEC("exec"),
    EXIT("exit"),
    COPY_ON_WRITE("copyOnWrite"),
    /// A shared table was replaced by one of the process's own.
    UNSHARE("unshare"),
    /// A sharing design flushes everything, whatever was changed (`flush_tlb_all` of msharefs).
    DESIGN_FLUSH_ALL("designFlushAll"),
    /// A hart forgets the address whose entry a fault has installed (RISC-V), or the one that faulted (x86).
    FAULT_FENCE("faultFence"),
    /// A hart catches up on changes for more than one cause that it has missed.
    SEVERAL("severalFlushes"),
    OTHER("other");

    private final String key;

    FlushCause(String key) {
        this.key = key;
    }

    /// Returns the name used in machine-readable output.
    public String key() {
        return key;
    }

    /// Returns the place of this cause in an array of totals, which never leaves a run.
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
