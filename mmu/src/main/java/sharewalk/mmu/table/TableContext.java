package sharewalk.mmu.table;

import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.memory.TableListener;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// What all tables of one machine have in common: how entries look, where they lie, who gives frames for them, and
/// the ledger of debts.
///
/// @param listener told of every entry written and every table page made
public record TableContext(
        PagingMode mode,
        PhysicalMemory memory,
        FrameAllocator frames,
        InvalidationLedger ledger,
        TableListener listener) {

    /// Creates a context whose writes nobody is told of.
    public TableContext(PagingMode mode, PhysicalMemory memory, FrameAllocator frames, InvalidationLedger ledger) {
        this(mode, memory, frames, ledger, TableListener.NONE);
    }

    PteFormat format() {
        return mode.format();
    }

    /// Returns where the entry for an address lies in a table page.
    long entryAddr(long tablePfn, long virtAddr, int level) {
        return (tablePfn << PhysicalMemory.FRAME_SHIFT) + (long) mode.index(virtAddr, level) * mode.entryBytes();
    }

    /// Writes an entry, as everyone here does.
    void write(long entryAddr, long pte) {
        memory.write64(entryAddr, pte);
        listener.entryWritten(entryAddr);
    }

    /// Returns the first address translated by the same entry of `level`.
    long entryStart(long virtAddr, int level) {
        return virtAddr & -mode.coverageBytes(level);
    }

    /// Returns the entry of a contiguous page, given where one of its entries lies. Hardware marks only the one it used
    /// (RISC-V Svnapot, 13): whoever wants to know of the page asks all.
    long mergedEntry(long entryAddr) {
        long first = entryAddr & -contiguousBytes();
        long merged = memory.read64(entryAddr);
        for (long at = first; at < first + contiguousBytes(); at += mode.entryBytes()) {
            long pte = memory.read64(at);
            merged = format().isAccessed(pte) ? format().withAccessed(merged) : merged;
            merged = format().isDirty(pte) ? format().withDirty(merged) : merged;
        }
        return merged;
    }

    /// Writes all entries of the contiguous page that one lies in.
    void writeContiguous(long entryAddr, long pte) {
        long first = entryAddr & -contiguousBytes();
        for (long at = first; at < first + contiguousBytes(); at += mode.entryBytes()) {
            write(at, pte);
        }
    }

    /// Returns whether all entries around one that could make a contiguous page are zero.
    boolean isEmptyContiguous(long entryAddr) {
        return isZero(entryAddr & -contiguousBytes(), PteFormat.CONTIGUOUS_PAGES);
    }

    /// Returns whether every entry of a table page is zero.
    boolean isEmptyTable(long tablePfn) {
        return isZero(tablePfn << PhysicalMemory.FRAME_SHIFT, mode.entriesPerTable());
    }

    private long contiguousBytes() {
        return (long) PteFormat.CONTIGUOUS_PAGES * mode.entryBytes();
    }

    private boolean isZero(long firstEntryAddr, int entries) {
        long entryAddr = firstEntryAddr;
        for (int i = 0; i < entries; i++, entryAddr += mode.entryBytes()) {
            if (memory.read64(entryAddr) != 0) {
                return false;
            }
        }
        return true;
    }
}
