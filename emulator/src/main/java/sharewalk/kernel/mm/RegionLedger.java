package sharewalk.kernel.mm;

import sharewalk.kernel.mm.PageTableGauges.TableUse;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.TableAccounting;

/// The account of the table pages of an address space that exists to be shared: all are charged to its name, those
/// below its root as shared.
final class RegionLedger implements TableAccounting {
    private final PagingMode mode;
    private final PageTableGauges gauges;
    private final String name;

    RegionLedger(PagingMode mode, PageTableGauges gauges, String name) {
        this.mode = mode;
        this.gauges = gauges;
        this.name = name;
    }

    @Override
    public void tableAllocated(int level, long virtAddr) {
        gauges.add(use(level), PagingMode.PAGE_BYTES);
    }

    @Override
    public void tableFreed(int level, long virtAddr) {
        gauges.add(use(level), -PagingMode.PAGE_BYTES);
    }

    private TableUse use(int level) {
        return new TableUse(name, level < KernelRules.p4dLevel(mode));
    }
}
