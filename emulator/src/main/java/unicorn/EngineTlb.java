package unicorn;

import java.lang.foreign.MemorySegment;

/// The translations an engine has cached for data in the mode it runs user code in, read and dropped in place.
///
/// No function of the library drops the data rights of one page without more: `tlb_flush_page` goes through every mode
/// and clears part of the cache of jump targets too. Where these tables lie is found by [EngineTlbProbe]; an engine in
/// which it finds nothing has no such view.
///
/// An entry is 64 bytes: the page's address as it is to be compared for reads, for writes and for fetches (-1 for none;
/// a write may carry flags in its low bits), the physical page, and what is added to an address to get the host's. A
/// page's entry lies in a direct-mapped table, or among eight which that table has displaced.
public final class EngineTlb {
    /// The bytes of an entry that hold something.
    public static final int ENTRY_BYTES = 40;

    static final int WRITE = 8;
    static final int FETCH = 16;
    static final int PHYSICAL = 24;
    static final int ADDEND = 32;
    static final int ENTRY_SHIFT = 6;
    static final int PAGE_SHIFT = 12;
    static final long NONE = -1;

    private static final int VICTIMS = 8;
    private static final int MOST_SEARCHED = 1024;
    private static final long PAGE_MASK = (1L << PAGE_SHIFT) - 1;

    /// Before the displaced entries: how many entries of the table are used, and how many were ever displaced.
    private static final long USED = -16;

    private static final long DISPLACED = -8;

    private final long cpuState;
    private final long table;
    private final long victims;

    EngineTlb(long cpuState, long table, long victims) {
        this.cpuState = cpuState;
        this.table = table;
        this.victims = victims;
    }

    /// Returns a function pointer for machine code that asks before an engine does, which lives as long as the engine.
    public static MemorySegment directFillStub(Engine engine, RawDirectFill target) {
        return Upcalls.directFill(engine.life().arena(), engine.life(), target);
    }

    /// Returns the address of the engine's CPU state, which its translated code passes to every helper.
    public long cpuState() {
        return cpuState;
    }

    /// Returns the address of two words: the size of the table in bytes less one entry, and the table's address.
    public long table() {
        return table;
    }

    /// Returns the address of the eight displaced entries. The two words before them count the used entries of the
    /// table, and the displacements.
    public long victims() {
        return victims;
    }

    /// Returns whether there are data rights to a page.
    public boolean holds(long virtPage) {
        return find(virtPage) != 0;
    }

    /// A visitor of data rights.
    @FunctionalInterface
    public interface Visitor {
        /// Receives a page that may be read, whether it may be written too, and the host address of its memory.
        void visit(long virtPage, boolean writable, long hostPage);
    }

    /// Shows the data rights to every page, those in the table first.
    public void forEach(Visitor visitor) {
        long first = NativeMemory.getLong(table + Long.BYTES);
        long mask = NativeMemory.getLong(table);
        for (long offset = 0; offset <= mask; offset += 1L << ENTRY_SHIFT) {
            show(first + offset, visitor);
        }
        for (int i = 0; i < VICTIMS; i++) {
            show(victims + ((long) i << ENTRY_SHIFT), visitor);
        }
    }

    private static void show(long entry, Visitor visitor) {
        long virtPage = NativeMemory.getLong(entry);
        if ((virtPage & PAGE_MASK) == 0) {
            boolean writable = withoutFlags(NativeMemory.getLong(entry + WRITE), virtPage) == virtPage;
            visitor.visit(virtPage, writable, virtPage + NativeMemory.getLong(entry + ADDEND));
        }
    }

    /// Drops the data rights to a page, if there are any.
    public void drop(long virtPage) {
        long entry = find(virtPage);
        if (entry != 0) {
            drop(entry, virtPage);
        }
    }

    /// Drops the data rights to every page of `[start, end)`; returns false where emptying the table is less work.
    public boolean dropRange(long start, long end) {
        long mask = NativeMemory.getLong(table);
        if (mask >>> ENTRY_SHIFT >= MOST_SEARCHED) {
            return false;
        }
        long first = NativeMemory.getLong(table + Long.BYTES);
        for (long offset = 0; offset <= mask; offset += 1L << ENTRY_SHIFT) {
            dropIfIn(first + offset, start, end);
        }
        for (int i = 0; i < VICTIMS; i++) {
            dropIfIn(victims + ((long) i << ENTRY_SHIFT), start, end);
        }
        return true;
    }

    private void dropIfIn(long entry, long start, long end) {
        long virtPage = NativeMemory.getLong(entry);
        if (virtPage != NONE && virtPage - start >= 0 && virtPage - end < 0) {
            drop(entry, virtPage);
        }
    }

    /// Copies the data rights to a page to `into`, with no flags, and drops them; returns whether there were any.
    public boolean moveOut(long virtPage, long into) {
        long entry = find(virtPage);
        if (entry == 0) {
            return false;
        }
        NativeMemory.putLong(into, virtPage);
        NativeMemory.putLong(into + WRITE, withoutFlags(NativeMemory.getLong(entry + WRITE), virtPage));
        NativeMemory.putLong(into + FETCH, NONE);
        NativeMemory.putLong(into + PHYSICAL, NativeMemory.getLong(entry + PHYSICAL));
        NativeMemory.putLong(into + ADDEND, NativeMemory.getLong(entry + ADDEND));
        drop(entry, virtPage);
        return true;
    }

    /// Gives data rights to a page, displacing what is in its place as the engine would.
    ///
    /// Preconditions: no displaced entry is the page's.
    ///
    /// @param hostPage the host address of the physical page
    public void install(long virtPage, long physPage, long hostPage, boolean writable) {
        long entry = tableEntry(virtPage);
        long reads = NativeMemory.getLong(entry);
        long fetches = NativeMemory.getLong(entry + FETCH);
        if ((reads & fetches) == NONE) {
            NativeMemory.putLong(victims + USED, NativeMemory.getLong(victims + USED) + 1);
        } else if (reads != virtPage && fetches != virtPage) {
            displace(entry, reads);
        }
        NativeMemory.putLong(entry, virtPage);
        NativeMemory.putLong(entry + WRITE, writable ? virtPage : NONE);
        NativeMemory.putLong(entry + FETCH, NONE);
        NativeMemory.putLong(entry + PHYSICAL, physPage);
        NativeMemory.putLong(entry + ADDEND, hostPage - virtPage);
    }

    private void displace(long entry, long reads) {
        long displaced = NativeMemory.getLong(victims + DISPLACED);
        NativeMemory.putLong(victims + DISPLACED, displaced + 1);
        long into = victims + ((displaced & VICTIMS - 1) << ENTRY_SHIFT);
        NativeMemory.putLong(into, reads);
        NativeMemory.putLong(into + WRITE, withoutFlags(NativeMemory.getLong(entry + WRITE), reads));
        NativeMemory.putLong(into + FETCH, NativeMemory.getLong(entry + FETCH));
        NativeMemory.putLong(into + PHYSICAL, NativeMemory.getLong(entry + PHYSICAL));
        NativeMemory.putLong(into + ADDEND, NativeMemory.getLong(entry + ADDEND));
    }

    /// Returns what a store is to be compared with, without the engine's note that the page may hold code. Where
    /// pages with code are never writable the note says nothing, and it would need more of the engine's tables.
    private static long withoutFlags(long writes, long virtPage) {
        return Long.compareUnsigned(writes ^ virtPage, PAGE_MASK) <= 0 ? virtPage : NONE;
    }

    /// Has the engine drop everything.
    ///
    /// It skips a table in which it has put nothing since, whatever stands there by now, and sizes the next
    /// one by the entries used, of which its count may run below zero. Both show in the count: emptying a
    /// table sets it to zero.
    public void flush(Engine engine) {
        if (NativeMemory.getLong(victims + USED) <= 0) {
            NativeMemory.putLong(victims + USED, 1);
        }
        int _ = engine.tlbFlush();
        if (NativeMemory.getLong(victims + USED) != 0) {
            long bytes = NativeMemory.getLong(table) + (1L << ENTRY_SHIFT);
            NativeMemory.slice(NativeMemory.getLong(table + Long.BYTES), bytes).fill((byte) NONE);
            NativeMemory.slice(victims, (long) VICTIMS << ENTRY_SHIFT).fill((byte) NONE);
            NativeMemory.putLong(victims + USED, 0);
        }
    }

    private long find(long virtPage) {
        long entry = tableEntry(virtPage);
        if (NativeMemory.getLong(entry) == virtPage) {
            return entry;
        }
        for (int i = 0; i < VICTIMS; i++) {
            long victim = victims + ((long) i << ENTRY_SHIFT);
            if (NativeMemory.getLong(victim) == virtPage) {
                return victim;
            }
        }
        return 0;
    }

    private long tableEntry(long virtPage) {
        return NativeMemory.getLong(table + Long.BYTES)
                + (virtPage >>> PAGE_SHIFT - ENTRY_SHIFT & NativeMemory.getLong(table));
    }

    private void drop(long entry, long virtPage) {
        NativeMemory.putLong(entry, NONE);
        NativeMemory.putLong(entry + WRITE, NONE);
        NativeMemory.putLong(entry + FETCH, NONE);
        if (entry == tableEntry(virtPage)) {
            NativeMemory.putLong(victims + USED, NativeMemory.getLong(victims + USED) - 1);
        }
    }
}
