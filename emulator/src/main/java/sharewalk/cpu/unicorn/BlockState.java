package sharewalk.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What [BlockStub] and [BlockCounter] share: the totals, the table in use, and the quiet code pages.
///
/// A code page is in the filter while fetching from it cannot change the modelled L1I. A filter slot is 16 bytes: page
/// number, and the instructions counted there since it was last settled.
final class BlockState {
    /// A page number no page has.
    static final long NO_PAGE = -1;

    static final int FILTER_SLOTS = 64;

    private static final long TOTAL = 0;
    private static final long LIMIT = 8;
    private static final long TABLE = 16;
    private static final long MASK = 24;
    private static final long FILTER = 32;
    private static final long ON_UNKNOWN = 40;
    private static final long ON_LIMIT = 48;
    private static final long CURRENT = 56;
    private static final long REPEAT = 64;
    private static final long REPEATED = 72;
    private static final long BYTES = 128;
    private static final long FILTER_SLOT_BYTES = 16;

    private final MemorySegment state;
    private final MemorySegment filter;
    private BlockTable table = new BlockTable();

    BlockState(Arena arena) {
        state = arena.allocate(BYTES, 64);
        filter = arena.allocate(FILTER_SLOTS * FILTER_SLOT_BYTES, 64);
        state.set(JAVA_LONG, FILTER, filter.address());
        state.set(JAVA_LONG, REPEAT, BlockTable.NO_REPEAT);
        for (int slot = 0; slot < FILTER_SLOTS; slot++) {
            setPage(slot, NO_PAGE);
        }
        useTable(table);
    }

    MemorySegment segment() {
        return state;
    }

    void setCalls(MemorySegment onUnknown, MemorySegment onLimit) {
        state.set(JAVA_LONG, ON_UNKNOWN, onUnknown.address());
        state.set(JAVA_LONG, ON_LIMIT, onLimit.address());
    }

    BlockTable table() {
        return table;
    }

    void useTable(BlockTable next) {
        table = next;
        state.set(JAVA_LONG, TABLE, next.address());
        state.set(JAVA_LONG, MASK, next.mask());
        state.set(JAVA_LONG, CURRENT, 0);
    }

    long total() {
        return state.get(JAVA_LONG, TOTAL);
    }

    void addTotal(long instructions) {
        state.set(JAVA_LONG, TOTAL, total() + instructions);
    }

    long limit() {
        return state.get(JAVA_LONG, LIMIT);
    }

    void setLimit(long total) {
        state.set(JAVA_LONG, LIMIT, total);
    }

    /// Returns whether a block has been entered since the last [#leaveBlock()].
    boolean inBlock() {
        return state.get(JAVA_LONG, CURRENT) != 0;
    }

    /// Returns the slot, in the table, of the block entered last.
    long currentSlot() {
        return state.get(JAVA_LONG, CURRENT) - table.address();
    }

    /// Returns whether the instruction being executed may be one that writes the memory operand it reads.
    boolean mayWriteBack() {
        return !inBlock() || table.mayWriteBack(currentSlot());
    }

    void enterBlock(long slot) {
        state.set(JAVA_LONG, CURRENT, table.address() + slot);
    }

    void leaveBlock() {
        state.set(JAVA_LONG, CURRENT, 0);
    }

    /// Returns the address of the repeated instruction that ended the block entered last, or [BlockTable#NO_REPEAT].
    long repeatAt() {
        return state.get(JAVA_LONG, REPEAT);
    }

    void setRepeatAt(long virtAddr) {
        state.set(JAVA_LONG, REPEAT, virtAddr);
    }

    long repeated() {
        return state.get(JAVA_LONG, REPEATED);
    }

    void setRepeated(long iterations) {
        state.set(JAVA_LONG, REPEATED, iterations);
    }

    static int filterSlot(long page) {
        return (int) page & FILTER_SLOTS - 1;
    }

    long page(int slot) {
        return filter.get(JAVA_LONG, slot * FILTER_SLOT_BYTES);
    }

    void setPage(int slot, long page) {
        filter.set(JAVA_LONG, slot * FILTER_SLOT_BYTES, page);
    }

    /// Returns the instructions counted in a filter slot and sets them to zero.
    long takeInstructions(int slot) {
        long at = slot * FILTER_SLOT_BYTES + Long.BYTES;
        long instructions = filter.get(JAVA_LONG, at);
        filter.set(JAVA_LONG, at, 0);
        return instructions;
    }
}
