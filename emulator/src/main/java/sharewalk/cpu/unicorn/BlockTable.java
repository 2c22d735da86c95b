package sharewalk.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sharewalk.host.HostMemory;

/// Block address and size -> number of instructions: a direct-mapped table in native memory, as [BlockStub] reads it.
///
/// A slot is 32 bytes: address, size, instructions, the address of a repeated string instruction that ends the block
/// ([#NO_REPEAT] where none does), and 1 if no instruction of it writes a memory operand back. A block never entered in
/// the table upcalls each time it is entered.
final class BlockTable {
    /// A value that no instruction's address has, as addresses with all bits set hold no instruction.
    static final long NO_REPEAT = -1;

    private static final int SLOTS = 1 << 15;
    private static final int SLOT_SHIFT = 5;
    private static final long SIZE = 8;
    private static final long INSTRUCTIONS = 12;
    private static final long REPEAT = 16;
    private static final long WRITES_NOTHING_BACK = 24;

    /// The bit of a block's size that makes it match no block that is entered.
    private static final int FORGOTTEN = 1 << 31;

    /// Above so many blocks, going through all slots is no slower than one by one.
    private static final int MOST_NOTED = 1024;

    private final long[] noted = new long[MOST_NOTED];
    private int blocks;
    private final MemorySegment slots = HostMemory.reserve((long) SLOTS << SLOT_SHIFT, Arena.ofAuto());

    /// Returns the native address of the first slot.
    long address() {
        return slots.address();
    }

    /// Returns the number of slots less one.
    long mask() {
        return SLOTS - 1;
    }

    /// Returns the offset of the slot a block lives in, whoever is there now.
    static long slotOf(long virtAddr) {
        return (virtAddr >>> 1 & SLOTS - 1) << SLOT_SHIFT;
    }

    boolean holds(long slot, long virtAddr, int sizeBytes) {
        return slots.get(JAVA_LONG_UNALIGNED, slot) == virtAddr
                && slots.get(JAVA_INT_UNALIGNED, slot + SIZE) == sizeBytes;
    }

    void put(long slot, long virtAddr, int sizeBytes, int instructions, long repeatAt, boolean mayWriteBack) {
        if (blocks < MOST_NOTED) {
            noted[blocks] = slot;
        }
        blocks++;
        slots.set(JAVA_LONG_UNALIGNED, slot, virtAddr);
        slots.set(JAVA_INT_UNALIGNED, slot + SIZE, sizeBytes);
        slots.set(JAVA_INT_UNALIGNED, slot + INSTRUCTIONS, instructions);
        slots.set(JAVA_LONG_UNALIGNED, slot + REPEAT, repeatAt);
        slots.set(JAVA_INT_UNALIGNED, slot + WRITES_NOTHING_BACK, mayWriteBack ? 0 : 1);
    }

    long virtAddr(long slot) {
        return slots.get(JAVA_LONG_UNALIGNED, slot);
    }

    int sizeBytes(long slot) {
        return slots.get(JAVA_INT_UNALIGNED, slot + SIZE) & ~FORGOTTEN;
    }

    int instructions(long slot) {
        return slots.get(JAVA_INT_UNALIGNED, slot + INSTRUCTIONS);
    }

    long repeatAt(long slot) {
        return slots.get(JAVA_LONG_UNALIGNED, slot + REPEAT);
    }

    /// Returns whether some instruction of a block may write the memory operand it reads.
    boolean mayWriteBack(long slot) {
        return slots.get(JAVA_INT_UNALIGNED, slot + WRITES_NOTHING_BACK) == 0;
    }

    /// Makes every block unknown; what a slot says of the block being run stays.
    void clear() {
        if (blocks > MOST_NOTED) {
            for (long slot = 0; slot < slots.byteSize(); slot += 1L << SLOT_SHIFT) {
                forget(slot);
            }
        } else {
            for (int i = 0; i < blocks; i++) {
                forget(noted[i]);
            }
        }
        blocks = 0;
    }

    private void forget(long slot) {
        slots.set(JAVA_INT_UNALIGNED, slot + SIZE, slots.get(JAVA_INT_UNALIGNED, slot + SIZE) | FORGOTTEN);
    }
}
