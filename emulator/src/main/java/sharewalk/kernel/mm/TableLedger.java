package sharewalk.kernel.mm;

import java.util.HashMap;
import java.util.Map;
import sharewalk.kernel.mm.PageTableGauges.TableUse;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.TableAccounting;

/// The account of a process's own table pages: each is charged to the mapping for which it was allocated, until it is
/// freed. What is done to its tables is charged to the address it is done at.
final class TableLedger implements TableAccounting {
    private final PagingMode mode;
    private final PageTableGauges gauges;
    private final CurrentHart current;
    private final LabelOfAddress labels;
    private final Map<Slot, TableUse> uses = new HashMap<>();

    TableLedger(PagingMode mode, PageTableGauges gauges, CurrentHart current, LabelOfAddress labels) {
        this.mode = mode;
        this.gauges = gauges;
        this.current = current;
        this.labels = labels;
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
        TableUse use = uses.remove(slot(level, virtAddr));
        if (use == null) {
            throw new IllegalStateException("no table of level %d at %#x".formatted(level, virtAddr));
        }
        gauges.add(use, -PagingMode.PAGE_BYTES);
    }

    @Override
    public void tableTakenOver(int level, long virtAddr) {
        String label = level == mode.rootLevel() ? PageTableGauges.ROOT_LABEL : labels.labelAt(virtAddr);
        TableUse use = new TableUse(label, false);
        uses.put(slot(level, virtAddr), use);
        gauges.add(use, PagingMode.PAGE_BYTES);
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

    private Slot slot(int level, long virtAddr) {
        return new Slot(level, virtAddr & -mode.tableCoverageBytes(level));
    }

    private record Slot(int level, long start) {}

    /// The label of the mapping at an address.
    @FunctionalInterface
    interface LabelOfAddress {
        String labelAt(long virtAddr);
    }
}
