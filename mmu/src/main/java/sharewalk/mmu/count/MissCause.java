package sharewalk.mmu.count;

import org.jspecify.annotations.Nullable;

/// Why a TLB missed: for one of the reasons named first, or because of flushes for a [FlushCause].
///
/// All causes but [#SPARED] add up to what was counted. What a TLB that is never flushed would have counted is the sum
/// of those that are no flush's ([#isByFlush]) and of [#SPARED].
public enum MissCause {
    /// The structure had never held the page.
    COLD("cold"),
    /// The page had made room for others; it is not known which of the next two it was.
    REPLACED("replaced"),
    /// The page had made room, and would have even if it could have lain in any entry of the structure.
    CAPACITY("capacity"),
    /// The page had made room because it could lie in the entries of one set only.
    CONFLICT("conflict"),
    /// What was held of the page was no longer true: another frame, size or right.
    CHANGED("changed"),
    /// The walk found no translation that could have been held.
    UNTRANSLATED("untranslated"),
    /// Flushes for more than one cause dropped the page since it was last used, or one for more than one.
    SEVERAL(FlushCause.SEVERAL),
    /// No flush dropped the page, but flushes had changed which pages made room for which.
    INDIRECT("indirect"),
    /// No miss: it would have been one if nothing had ever been flushed.
    SPARED("spared"),
    CONTEXT_SWITCH(FlushCause.CONTEXT_SWITCH),
    ASID_ROLLOVER(FlushCause.ASID_ROLLOVER),
    MUNMAP(FlushCause.MUNMAP),
    MPROTECT(FlushCause.MPROTECT),
    MREMAP(FlushCause.MREMAP),
    MADVISE(FlushCause.MADVISE),
    FORK(FlushCause.FORK),
    EXEC(FlushCause.EXEC),
    EXIT(FlushCause.EXIT),
    COPY_ON_WRITE(FlushCause.COPY_ON_WRITE),
    UNSHARE(FlushCause.UNSHARE),
    DESIGN_FLUSH_ALL(FlushCause.DESIGN_FLUSH_ALL),
    FAULT_FENCE(FlushCause.FAULT_FENCE),
    OTHER(FlushCause.OTHER);

    /// The number of causes.
    public static final int COUNT = values().length;

    private static final MissCause[] BY_INDEX = values();
    private static final MissCause[] BY_FLUSH = byFlush();

    private final String key;
    private final @Nullable FlushCause flush;

    MissCause(String key) {
        this.key = key;
        flush = null;
    }

    MissCause(FlushCause flush) {
        key = flush.key();
        this.flush = flush;
    }

    private static MissCause[] byFlush() {
        MissCause[] causes = new MissCause[FlushCause.values().length];
        for (MissCause cause : values()) {
            if (cause.flush != null) {
                causes[cause.flush.index()] = cause;
            }
        }
        return causes;
    }

    /// Returns the cause of a miss that a flush has led to.
    public static MissCause of(FlushCause flush) {
        return BY_FLUSH[flush.index()];
    }

    /// Returns the cause with a number.
    public static MissCause ofIndex(int index) {
        return BY_INDEX[index];
    }

    /// Returns the cause of the flushes that lead to such misses, or null where it is not theirs.
    public @Nullable FlushCause flush() {
        return flush;
    }

    /// Returns whether the miss is owed to flushes.
    public boolean isByFlush() {
        return flush != null || this == INDIRECT;
    }

    /// Returns the name used in machine-readable output.
    public String key() {
        return key;
    }

    /// Returns the place of this cause in an array of totals, which never leaves a run.
    @SuppressWarnings("EnumOrdinal")
    public int index() {
        return ordinal();
    }
}
