package sharewalk.mmu.support;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.PagingMode;

/// Page tables written entry by entry from bits spelled out here, independent of every format in the product.
public final class RawTables {
    public static final long RISCV_POINTER = 0x01;

    /// V R W X U, accessed and dirty clear.
    public static final long RISCV_LEAF = 0x1F;

    public static final long RISCV_ACCESSED = 0x40;
    public static final long RISCV_DIRTY = 0x80;

    /// P RW US, accessed clear.
    public static final long X86_POINTER = 0x07;

    public static final long X86_LEAF = 0x07;
    public static final long X86_ACCESSED = 0x20;
    public static final long X86_DIRTY = 0x40;
    public static final long X86_SUPERPAGE = 0x80;

    private final PagingMode paging;
    private final PhysicalMemory memory;
    private long nextFrame = 1;

    public RawTables(PagingMode paging, int ramBytes) {
        this.paging = paging;
        memory = SegmentMemory.onHeap(ramBytes);
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public PagingMode paging() {
        return paging;
    }

    /// Returns a frame number not given out before.
    public long newFrame() {
        return nextFrame++;
    }

    /// Returns the entry with the given low bits that names a frame.
    public long entry(long pfn, long bits) {
        return pfn << (isX86() ? 12 : 10) | bits;
    }

    /// Returns the bits of a user leaf with every right, not accessed, not dirty.
    public long leafBits(int level) {
        return isX86() ? X86_LEAF | (level > 0 ? X86_SUPERPAGE : 0) : RISCV_LEAF;
    }

    public long dirtyBit() {
        return isX86() ? X86_DIRTY : RISCV_DIRTY;
    }

    public long accessedBit() {
        return isX86() ? X86_ACCESSED : RISCV_ACCESSED;
    }

    public long writeBit() {
        return isX86() ? 0x02 : 0x04;
    }

    /// Writes an entry of `level` for an address, making tables on the way, and returns where it lies.
    @CanIgnoreReturnValue
    public long put(long rootPfn, long virtAddr, int level, long entry) {
        long address = entryAddress(rootPfn, virtAddr, level);
        memory.write64(address, entry);
        return address;
    }

    /// Returns where the entry of `level` for an address lies, making tables on the way.
    public long entryAddress(long rootPfn, long virtAddr, int level) {
        long table = rootPfn;
        for (int above = paging.levels() - 1; above > level; above--) {
            long address = slot(table, virtAddr, above);
            if (memory.read64(address) == 0) {
                memory.write64(address, entry(newFrame(), isX86() ? X86_POINTER : RISCV_POINTER));
            }
            table = memory.read64(address) >>> (isX86() ? 12 : 10) & ((1L << 40) - 1);
        }
        return slot(table, virtAddr, level);
    }

    private static long slot(long table, long virtAddr, int level) {
        return (table << 12) + (virtAddr >>> (12 + 9 * level) & 511) * 8;
    }

    public boolean isX86() {
        return paging == PagingMode.X86_64_4LEVEL || paging == PagingMode.X86_64_5LEVEL;
    }
}
