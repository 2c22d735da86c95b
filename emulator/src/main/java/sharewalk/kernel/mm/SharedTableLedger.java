package sharewalk.kernel.mm;

import sharewalk.kernel.mm.PageTableGauges.TableUse;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.TableAccounting;

/// The account of the table pages of a shared subtree that no address space hosts: they are the machine's, charged as
/// shared to one label. What is done to them is charged to the address at which it is done.
final class SharedTableLedger implements TableAccounting {
    private final PageTableGauges machine;
    private final CurrentHart current;
    private final TableUse use;

    SharedTableLedger(PageTableGauges machine, CurrentHart current, String label) {
        this.machine = machine;
        this.current = current;
        this.use = new TableUse(label, true);
    }

    @Override
    public void tableAllocated(int level, long virtAddr) {
        tableTakenOver(level, virtAddr);
        current.counters(virtAddr).record(Counter.TABLE_ALLOCATED);
    }

    @Override
    public void tableFreed(int level, long virtAddr) {
        tableGivenAway(level, virtAddr);
        current.counters(virtAddr).record(Counter.TABLE_FREED);
    }

    @Override
    public void tableGivenAway(int level, long virtAddr) {
        machine.add(use, -PagingMode.PAGE_BYTES);
    }

    @Override
    public void tableTakenOver(int level, long virtAddr) {
        machine.add(use, PagingMode.PAGE_BYTES);
    }

    @Override
    public void tableCopied(long virtAddr) {
        current.counters(virtAddr).record(Counter.TABLE_COPIED);
    }

    @Override
    public void entriesRead(long virtAddr, int entries) {
        current.counters(virtAddr).record(Counter.PTE_READ, entries);
    }

    @Override
    public void entryWritten(long virtAddr) {
        current.counters(virtAddr).record(Counter.PTE_WRITE);
    }
}
