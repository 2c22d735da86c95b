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

    /// Returns whether every entry of a table page is zero.
    boolean isEmptyTable(long tablePfn) {
        long entryAddr = tablePfn << PhysicalMemory.FRAME_SHIFT;
        for (int i = 0; i < mode.entriesPerTable(); i++, entryAddr += mode.entryBytes()) {
            if (memory.read64(entryAddr) != 0) {
                return false;
            }
        }
        return true;
    }
}
