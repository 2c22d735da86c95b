package sharewalk.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;
import sharewalk.kernel.KernelReport.ProcessReport;
import sharewalk.kernel.KernelReport.TableBytes;
import sharewalk.kernel.KernelReport.UnknownCall;
import sharewalk.kernel.mm.PageTableGauges;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.KernelServices;
import sharewalk.kernel.process.TablePeaks;
import sharewalk.kernel.syscall.SystemCallTable;
import sharewalk.mmu.count.PeakGauge;

/// The gathering of what a run measured.
final class Reporting {
    private Reporting() {}

    static KernelReport report(
            KernelServices services, SystemCallTable table, List<Cpu> harts, @Nullable String trouble) {
        List<ProcessReport> processes = new ArrayList<>();
        for (GuestProcess process : services.processes().everyProcess()) {
            processes.add(describe(process));
        }
        List<UnknownCall> unknown = new ArrayList<>();
        table.unknown().forEach((number, count) -> unknown.add(new UnknownCall(number, table.nameOf(number), count)));
        List<Long> instructions = harts.stream().map(Cpu::instructions).toList();
        TableBytes tables = tables(services);
        return new KernelReport(
                processes, services.clock().now(), instructions, unknown, tables, services.warnings(), trouble);
    }

    private static ProcessReport describe(GuestProcess process) {
        return new ProcessReport(
                process.pid(),
                process.birthParentPid(),
                process.program().path(),
                process.program().arguments(),
                process.isAlive() ? null : process.exitStatus(),
                process.usage().instructions(),
                process.tablePeaks().total(),
                process.tablePeaks().byPhase(),
                process.tablePeaks().byMapping(),
                process.accounts().snapshot());
    }

    private static TableBytes tables(KernelServices services) {
        services.machinePeaks().settle();
        TablePeaks peaks = services.machinePeaks().peaks();
        PageTableGauges gauges = services.memory().gauges();
        return new TableBytes(
                gauges.total().peak(),
                gauges.shared().peak(),
                gauges.total().current(),
                peaks.byPhase(),
                peaks.sharedByPhase(),
                peaksOf(gauges.byLabel()),
                peaksOf(gauges.sharedByLabel()));
    }

    private static Map<String, Long> peaksOf(Map<String, PeakGauge> gauges) {
        Map<String, Long> peaks = new LinkedHashMap<>();
        gauges.forEach((label, gauge) -> peaks.put(label, gauge.peak()));
        return peaks;
    }
}
