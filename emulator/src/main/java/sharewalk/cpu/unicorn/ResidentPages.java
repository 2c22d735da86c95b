package sharewalk.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sharewalk.host.HostMemory;
import unicorn.EngineTlb;

/// What [TouchStub] and Java share: the pages that are in a modelled L1D without being the last one touched in their
/// set, with the data rights each had in the engine's table, and the log of those touched since Java last looked.
///
/// The order in which resident pages were touched decides nothing before the next miss or invalidation. So it is enough
/// to know it then: every touch that can change it is in the log, in order, and is made in the model by [#logged].
///
/// The rights to a page are here or in the engine's tables, never in both: whoever takes them back must find them all.
/// A page is found by its number mod 256; of two with the same slot the later one stays, and the other is told to the
/// model by the engine's fill, as all are where there is no machine code.
final class ResidentPages {
    private static final int SLOTS = 256;
    private static final int SLOT_SHIFT = 6;
    private static final int PAGE_SHIFT = 12;
    private static final long READ = 0;
    private static final long WRITE = 8;
    private static final long ADDEND = 32;
    private static final long CELL = 40;
    private static final long NO_PAGE = -1;

    /// In a set's cell: the last page touched is no 4 KiB page, and cannot be overtaken by machine code.
    private static final long SUPERPAGE = -2;

    private static final int MOST_LOGGED = 1024;

    private static final long TABLE = 0;
    private static final long VICTIMS = 8;
    private static final long STASH = 16;
    private static final long LOG = 24;
    private static final long LOG_NEXT = 32;
    private static final long BLOCKS = 40;
    private static final long MODE = 48;
    private static final long LOG_END = 56;
    private static final long ASK = 64;
    private static final long STATE_BYTES = 128;

    private final EngineTlb engineTlb;
    private final MemorySegment state;
    private final MemorySegment stash;
    private final MemorySegment cells;
    private final MemorySegment log;
    private boolean stashed;

    /// Creates the state for an L1D of some number of sets.
    ResidentPages(EngineTlb engineTlb, BlockState blocks, int sets, Arena arena) {
        this.engineTlb = engineTlb;
        state = arena.allocate(STATE_BYTES, 64);
        stash = HostMemory.reserve((long) SLOTS << SLOT_SHIFT, arena);
        cells = arena.allocate((long) sets * Long.BYTES, Long.BYTES);
        log = HostMemory.reserve((long) MOST_LOGGED * Long.BYTES, arena);
        state.set(JAVA_LONG, TABLE, engineTlb.table());
        state.set(JAVA_LONG, VICTIMS, engineTlb.victims());
        state.set(JAVA_LONG, STASH, stash.address());
        state.set(JAVA_LONG, LOG, log.address());
        state.set(JAVA_LONG, LOG_NEXT, log.address());
        state.set(JAVA_LONG, LOG_END, log.address() + log.byteSize());
        state.set(JAVA_LONG, BLOCKS, blocks.segment().address());
        stashed = true;
        forgetAll();
    }

    /// Returns the native address of the state.
    long address() {
        return state.address();
    }

    /// Sets the number by which the engine's code calls the mode that data is accessed in.
    void setMode(int mode) {
        state.set(JAVA_INT, MODE, mode);
    }

    /// Sets what is asked for pages that are not here.
    void setAsk(MemorySegment directFill) {
        state.set(JAVA_LONG, ASK, directFill.address());
    }

    /// Notes that a page is the last one touched in its set.
    void touchedLast(int set, long virtPage, boolean superpage) {
        forget(virtPage);
        cells.set(JAVA_LONG, (long) set * Long.BYTES, superpage ? SUPERPAGE : virtPage);
    }

    /// Takes the rights of a resident page that another one of its set has overtaken, and keeps them aside.
    void overtaken(int set, long virtPage) {
        long slot = slotOf(virtPage);
        if (engineTlb.moveOut(virtPage, stash.address() + slot)) {
            stash.set(JAVA_LONG, slot + CELL, cells.address() + (long) set * Long.BYTES);
            stashed = true;
        }
    }

    /// Drops a page that is resident no longer.
    void gone(long virtPage) {
        engineTlb.drop(virtPage);
        forget(virtPage);
    }

    /// Forgets the rights kept aside for a page.
    void forget(long virtPage) {
        long slot = slotOf(virtPage);
        if (stash.get(JAVA_LONG, slot + READ) == virtPage) {
            forgetSlot(slot);
        }
    }

    /// Forgets all rights kept aside.
    void forgetAll() {
        if (stashed) {
            for (int slot = 0; slot < SLOTS; slot++) {
                forgetSlot((long) slot << SLOT_SHIFT);
            }
            stashed = false;
        }
    }

    /// Shows the rights kept aside.
    void forEach(EngineTlb.Visitor visitor) {
        for (int slot = 0; slot < SLOTS; slot++) {
            long at = (long) slot << SLOT_SHIFT;
            long virtPage = stash.get(JAVA_LONG, at + READ);
            if (virtPage != NO_PAGE) {
                long addend = stash.get(JAVA_LONG, at + ADDEND);
                visitor.visit(virtPage, stash.get(JAVA_LONG, at + WRITE) == virtPage, virtPage + addend);
            }
        }
    }

    /// Forgets which pages were touched last, as those of another address space come now.
    void forgetLastTouched() {
        cells.fill((byte) NO_PAGE);
    }

    private void forgetSlot(long slot) {
        stash.set(JAVA_LONG, slot + READ, NO_PAGE);
        stash.set(JAVA_LONG, slot + WRITE, NO_PAGE);
    }

    private static long slotOf(long virtPage) {
        return (virtPage >>> PAGE_SHIFT & SLOTS - 1) << SLOT_SHIFT;
    }

    /// Returns the number of touches that the model has not heard of.
    int logged() {
        return (int) ((state.get(JAVA_LONG, LOG_NEXT) - log.address()) / Long.BYTES);
    }

    /// Returns the page of a touch in the log.
    long logged(int index) {
        return log.get(JAVA_LONG, (long) index * Long.BYTES);
    }

    /// Empties the log.
    void clearLog() {
        state.set(JAVA_LONG, LOG_NEXT, log.address());
    }
}
