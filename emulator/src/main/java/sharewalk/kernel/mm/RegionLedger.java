package sharewalk.kernel.mm;

import sharewalk.kernel.mm.PageTableGauges.TableUse;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.TableAccounting;

/// The account of the table pages of an address space that exists to be shared: all are charged to its name, those
/// below its root as shared.
final class RegionLedger implements TableAccounting {
    private final int sharedLevel;
    private final PageTableGauges gauges;
    private final CurrentHart current;
    private final String name;

    /// Creates the account of a space whose table pages of `sharedLevel` and below others attach.
    RegionLedger(int sharedLevel, PageTableGauges gauges, CurrentHart current, String name) {
        this.sharedLevel = sharedLevel;
        this.gauges = gauges;
        this.current = current;
        this.name = name;
    }

    @Override
    public void tableAllocated(int level, long virtAddr) {
        tableTakenOver(level, virtAddr);
        current.countersElsewhere().record(Counter.TABLE_ALLOCATED);
    }

    @Override
    public void tableFreed(int level, long virtAddr) {
        tableGivenAway(level, virtAddr);
        current.countersElsewhere().record(Counter.TABLE_FREED);
    }

    @Override
    public void tableGivenAway(int level, long virtAddr) {
        gauges.add(use(level), -PagingMode.PAGE_BYTES);
    }

    @Override
    public void tableTakenOver(int level, long virtAddr) {
        gauges.add(use(level), PagingMode.PAGE_BYTES);
    }

    @Override
    public void tableCopied(long virtAddr) {
        current.countersElsewhere().record(Counter.TABLE_COPIED);
    }

    @Override
    public void entriesRead(long virtAddr, int entries) {
        current.countersElsewhere().record(Counter.PTE_READ, entries);
    }

    @Override
    public void entryWritten(long virtAddr) {
        current.countersElsewhere().record(Counter.PTE_WRITE);
    }

    private TableUse use(int level) {
        return new TableUse(name, level <= sharedLevel);
    }
}
