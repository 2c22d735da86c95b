package sharewalk.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.FastMode;
import sharewalk.cpu.unicorn.UnicornMachine;
import sharewalk.kernel.KernelReport;
import sharewalk.kernel.KernelReport.ProcessReport;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.WalkBreakdown;

/// Makes a result of what the kernel has measured.
final class ResultBuilder {
    private final ExperimentSpec spec;
    private final KernelReport report;
    private final UnicornMachine machine;

    private ResultBuilder(ExperimentSpec spec, KernelReport report, UnicornMachine machine) {
        this.spec = spec;
        this.report = report;
        this.machine = machine;
    }

    static RunResult build(ExperimentSpec spec, KernelReport report, EmulatedLinux linux, UnicornMachine machine) {
        @Nullable String defect = linux.defect();
        ResultBuilder builder = new ResultBuilder(spec, report, machine);
        List<String> warnings = new ArrayList<>(report.warnings());
        warnings.addAll(linux.warnings());
        long conflicts = machine.harts().stream()
                .mapToLong(hart -> hart.mmu().sizeConflicts())
                .sum();
        sizeConflicts(conflicts).ifPresent(warnings::add);
        return builder.result(defect == null ? builder.ending() : new Ending.Broken(defect), linux.remarks(), warnings);
    }

    /// Returns the warning of a run in which TLBs cached two sizes for one address so often, if it needs one.
    static Optional<String> sizeConflicts(long times) {
        return times == 0
                ? Optional.empty()
                : Optional.of(
                        "%,d times a TLB took up a superpage and held a page inside it, of another frame: not flushed."
                                .formatted(times));
    }

    private RunResult result(Ending ending, List<String> instrumentRemarks, List<String> warnings) {
        List<UnknownSystemCall> unknown = report.unknownCalls().stream()
                .map(call -> new UnknownSystemCall(call.number(), call.name(), call.count()))
                .toList();
        return new RunResult(
                spec,
                Provenance.ofThisVersion(),
                ending,
                phases(),
                report.processes().stream().map(ResultBuilder::process).toList(),
                mappings(),
                new Measures(
                        report.total(), report.tables().peak(), report.tables().sharedPeak()),
                walkLevels(),
                unknown,
                remarks(instrumentRemarks),
                List.copyOf(warnings));
    }

    private List<WalkLevel> walkLevels() {
        WalkBreakdown sum = new WalkBreakdown();
        machine.harts().forEach(hart -> sum.addAll(hart.mmu().walkBreakdown()));
        return WalkLevel.of(sum, spec.machine().paging().rootLevel());
    }

    private Ending ending() {
        @Nullable String trouble = report.trouble();
        return trouble != null
                ? new Ending.Failed(trouble)
                : ending(report.processes().getFirst().exit());
    }

    private static Ending ending(@Nullable ExitStatus exit) {
        return switch (exit) {
            case ExitStatus.Exited(int code) -> new Ending.Exited(code & 0xff);
            case ExitStatus.Killed(int signal) -> new Ending.Killed(signal);
            case null -> new Ending.Running();
        };
    }

    private List<NamedMeasures> phases() {
        SequencedMap<String, CounterSnapshot> sums = new LinkedHashMap<>();
        for (ProcessReport process : report.processes()) {
            for (String phase : process.cells().keySet()) {
                sums.merge(phase, process.phase(phase), CounterSnapshot::plus);
            }
        }
        return named(sums, report.tables().peakByPhase(), report.tables().sharedPeakByPhase());
    }

    private List<NamedMeasures> mappings() {
        SequencedMap<String, CounterSnapshot> sums = new TreeMap<>();
        for (ProcessReport process : report.processes()) {
            for (Map<String, CounterSnapshot> byMapping : process.cells().values()) {
                byMapping.forEach((label, counts) -> sums.merge(label, counts, CounterSnapshot::plus));
            }
        }
        report.tables().peakByMapping().keySet().forEach(label -> sums.putIfAbsent(label, CounterSnapshot.ZERO));
        return named(sums, report.tables().peakByMapping(), report.tables().sharedPeakByMapping());
    }

    private static List<NamedMeasures> named(
            Map<String, CounterSnapshot> sums, Map<String, Long> peaks, Map<String, Long> sharedPeaks) {
        List<NamedMeasures> named = new ArrayList<>();
        sums.forEach((name, counts) -> named.add(new NamedMeasures(
                name, new Measures(counts, peaks.getOrDefault(name, 0L), sharedPeaks.getOrDefault(name, 0L)))));
        return named;
    }

    private static ProcessResult process(ProcessReport process) {
        SequencedMap<String, CounterSnapshot> byPhase = new LinkedHashMap<>();
        SequencedMap<String, CounterSnapshot> byMapping = new LinkedHashMap<>();
        process.cells().forEach((phase, cells) -> {
            byPhase.put(phase, process.phase(phase));
            cells.keySet().forEach(label -> byMapping.putIfAbsent(label, process.mapping(label)));
        });
        return new ProcessResult(
                process.pid(),
                process.parentPid(),
                process.path().substring(process.path().lastIndexOf('/') + 1),
                ending(process.exit()),
                new Measures(process.total(), process.tablePeakBytes(), 0),
                named(byPhase, process.tablePeakByPhase(), Map.of()),
                named(byMapping, process.tablePeakByMapping(), Map.of()));
    }

    private List<String> remarks(List<String> instrumentRemarks) {
        List<String> remarks =
                new ArrayList<>(spec.origin().remarks(spec.machine().isa()));
        FastMode.obstacle(spec.machine().profile())
                .map(obstacle -> "%s is counted in exhaustive mode, since %s."
                        .formatted(spec.machine().profile().name(), obstacle))
                .ifPresent(remarks::add);
        String ofDesign = spec.sharing().remark(spec.machine().paging());
        if (!ofDesign.isEmpty()) {
            remarks.add(spec.design() + ": " + ofDesign + ".");
        }
        remarks.addAll(instrumentRemarks);
        return List.copyOf(remarks);
    }
}
