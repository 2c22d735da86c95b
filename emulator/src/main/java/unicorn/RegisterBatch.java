package unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A fixed list of registers of at most 64 bits that are read or written in one call, without allocation.
///
/// It lives as long as the engine that made it.
public final class RegisterBatch {
    private final MemorySegment registers;
    private final MemorySegment pointers;
    private final MemorySegment values;
    private final int count;

    RegisterBatch(Arena arena, int... registers) {
        this.count = registers.length;
        this.registers = arena.allocateFrom(JAVA_INT, registers);
        this.pointers = arena.allocate(ADDRESS, count);
        this.values = arena.allocate(JAVA_LONG, count);
        for (int i = 0; i < count; i++) {
            pointers.setAtIndex(ADDRESS, i, values.asSlice((long) i * Long.BYTES));
        }
    }

    /// Returns the number of registers.
    public int count() {
        return count;
    }

    /// Returns the value at a place of the list, as last read or set.
    public long value(int index) {
        return values.getAtIndex(JAVA_LONG, index);
    }

    /// Sets the value at a place of the list; it reaches the engine with the next write.
    public void set(int index, long value) {
        values.setAtIndex(JAVA_LONG, index, value);
    }

    /// Sets all values to zero.
    public void clear() {
        values.fill((byte) 0);
    }

    /// Returns the values as one block of memory, eight bytes each.
    public MemorySegment values() {
        return values;
    }

    // A register narrower than 64 bits leaves the upper bytes alone, hence the zeros first.
    int read(long uc) {
        values.fill((byte) 0);
        return NativeRegisters.regReadBatch(uc, registers, pointers, count);
    }

    int write(long uc) {
        return NativeRegisters.regWriteBatch(uc, registers, pointers, count);
    }
}
