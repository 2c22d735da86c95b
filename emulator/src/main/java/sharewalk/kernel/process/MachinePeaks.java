package sharewalk.kernel.process;

import sharewalk.kernel.mm.PageTableGauges;
import sharewalk.mmu.count.PeakGauge;

/// The most bytes that the page tables of a machine have had while some process was in a phase.
public final class MachinePeaks {
    private final ProcessTable processes;
    private final PageTableGauges gauges;
    private final TablePeaks peaks = new TablePeaks();

    MachinePeaks(ProcessTable processes, PageTableGauges gauges) {
        this.processes = processes;
        this.gauges = gauges;
    }

    /// Returns the peaks.
    public TablePeaks peaks() {
        return peaks;
    }

    /// Notes what there has been since the last time, for the phases that processes are in; before any of them changes.
    public void settle() {
        PeakGauge total = gauges.total();
        PeakGauge shared = gauges.shared();
        for (GuestProcess process : processes.processes()) {
            if (process.isAlive()) {
                peaks.note(process.accounts().phase(), total.recentPeak(), shared.recentPeak());
            }
        }
        peaks.note(gauges);
        total.restart();
        shared.restart();
    }
}
