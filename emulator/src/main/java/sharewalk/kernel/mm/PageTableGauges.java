package sharewalk.kernel.mm;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.PeakGauge;

/// The bytes of page tables, now and at most: all of them, those below shared subtrees, and by label of the mapping
/// whose fault or copy allocated them. One for each address space, which also adds to one for the machine.
public final class PageTableGauges {
    /// The label of tables allocated for no mapping: roots.
    public static final String ROOT_LABEL = "[root]";

    private final @Nullable PageTableGauges whole;
    private final PeakGauge total = new PeakGauge();
    private final PeakGauge shared = new PeakGauge();
    private final SortedMap<String, PeakGauge> byLabel = new TreeMap<>();
    private final SortedMap<String, PeakGauge> sharedByLabel = new TreeMap<>();

    private PageTableGauges(@Nullable PageTableGauges whole) {
        this.whole = whole;
    }

    /// Returns the gauges of a machine.
    public static PageTableGauges ofMachine() {
        return new PageTableGauges(null);
    }

    /// Returns the gauges of one address space of the machine that this is for.
    PageTableGauges ofSpace() {
        return new PageTableGauges(this);
    }

    /// Returns all tables, in bytes.
    public PeakGauge total() {
        return total;
    }

    /// Returns the tables that several address spaces can see, in bytes; each is counted once.
    public PeakGauge shared() {
        return shared;
    }

    /// Returns the tables by label of the mapping, in bytes.
    public SortedMap<String, PeakGauge> byLabel() {
        return Collections.unmodifiableSortedMap(byLabel);
    }

    /// Returns those of the tables by label that several address spaces can see, in bytes.
    public SortedMap<String, PeakGauge> sharedByLabel() {
        return Collections.unmodifiableSortedMap(sharedByLabel);
    }

    void add(TableUse use, long deltaBytes) {
        total.add(deltaBytes);
        if (use.shared()) {
            shared.add(deltaBytes);
            sharedByLabel.computeIfAbsent(use.label(), _ -> new PeakGauge()).add(deltaBytes);
        }
        byLabel.computeIfAbsent(use.label(), _ -> new PeakGauge()).add(deltaBytes);
        if (whole != null) {
            whole.add(use, deltaBytes);
        }
    }

    /// What a table page is charged as.
    record TableUse(String label, boolean shared) {}
}
