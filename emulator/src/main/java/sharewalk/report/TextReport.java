package sharewalk.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;
import sharewalk.experiment.NamedMeasures;
import sharewalk.experiment.ProcessResult;
import sharewalk.experiment.Provenance;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.UnknownSystemCall;
import sharewalk.experiment.WalkLevel;
import sharewalk.mmu.count.MissTotals;
import sharewalk.mmu.tlb.TlbGeometry;

/// The report of a run for people: what ran on what, then figures by process, phase and mapping.
public final class TextReport {
    private final RunResult result;
    private final StringBuilder text = new StringBuilder();

    private TextReport(RunResult result) {
        this.result = result;
    }

    /// Returns the report, each line ended.
    public static String render(RunResult result) {
        return new TextReport(result).whole();
    }

    private String whole() {
        heading();
        processes();
        named("By phase", "phase", result.phases());
        named("By mapping", "mapping", result.mappings());
        walkLevels();
        rates();
        text.append('\n').append(new PricedBlock(result).text()).append('\n');
        missCauses();
        notes();
        return text.toString();
    }

    private void heading() {
        ExperimentSpec spec = result.spec();
        MachineSpec machine = spec.machine();
        Provenance provenance = result.provenance();
        line("Sharewalk %s: %s".formatted(provenance.sharewalkVersion(), commandLine(spec)));
        line("  ending   " + result.ending().describe());
        line("  design   %s (%s)".formatted(spec.design(), spec.sharing().kind().word()));
        line("  machine  " + MachineText.summary(machine));
        line("  profile  " + MachineText.origin(spec));
        TlbGeometry l2i = machine.profile().tlbs().l2i();
        line("  TLBs     L1I %s, L1D %s, L2 %s%s, walk cache %s, entries through %s"
                .formatted(
                        machine.profile().l1i(),
                        machine.profile().l1d(),
                        machine.profile().l2(),
                        l2i == null ? "" : ", L2I " + l2i,
                        machine.profile().walkCache(),
                        machine.profile().walker().pteCaches()));
        line("  counted  %s mode, %s %s, %s"
                .formatted(
                        MachineText.mode(machine),
                        provenance.engineName(),
                        provenance.engineVersion(),
                        provenance.kernel()));
    }

    private static String commandLine(ExperimentSpec spec) {
        List<String> arguments = spec.command().arguments();
        return spec.command().name() + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments));
    }

    private void processes() {
        title("By process");
        MeasureTables tables = new MeasureTables("pid", "process", "ending");
        for (ProcessResult process : result.processes()) {
            tables.addRow(
                    List.of(
                            Integer.toString(process.pid()),
                            process.name(),
                            process.ending().describe()),
                    process.measures());
        }
        tables.addRow(List.of("", "total", ""), result.totals());
        text.append(tables.render());
    }

    private void named(String title, String header, List<NamedMeasures> each) {
        title(title);
        MeasureTables tables = new MeasureTables(header);
        each.forEach(one -> tables.addRow(List.of(one.name()), one.measures()));
        text.append(tables.render());
    }

    private void walkLevels() {
        title("Where walks found table entries, by level of the table");
        TextTable table = new TextTable();
        for (String header : List.of("level", "walk cache", "L1", "L2", "L3", "memory", "steps")) {
            table.addFigures(header);
        }
        for (WalkLevel level : result.walkLevels()) {
            table.addRow(LongStream.of(
                            level.level(),
                            level.walkCache(),
                            level.l1(),
                            level.l2(),
                            level.l3(),
                            level.memory(),
                            level.steps())
                    .mapToObj(Figures::count)
                    .toList());
        }
        text.append(table.render());
    }

    private void rates() {
        Measures totals = result.totals();
        long instructions = totals.get(Metric.INSTRUCTIONS);
        text.append('\n');
        line("Per 1,000 instructions: L1I %s, L1D %s and L2 %s misses, %s walks"
                .formatted(
                        Figures.perThousand(totals.get(Metric.L1I_MISSES), instructions),
                        Figures.perThousand(totals.get(Metric.L1D_MISSES), instructions),
                        Figures.perThousand(totals.get(Metric.L2_MISSES), instructions),
                        Figures.perThousand(totals.get(Metric.WALKS), instructions)));
    }

    private void missCauses() {
        MissTotals misses = result.totals().counts().misses();
        if (misses != null) {
            title("Why TLBs missed");
            text.append(MissCauses.render(misses)).append('\n');
        }
    }

    private void notes() {
        result.remarks().forEach(remark -> line("Note: " + remark));
        if (!result.unknownSystemCalls().isEmpty()) {
            line(result.unknownSystemCalls().stream()
                    .map(TextReport::describe)
                    .collect(Collectors.joining(", ", "Note: system calls answered with ENOSYS: ", "")));
        }
        result.warnings().forEach(warning -> line("Warning: " + warning));
    }

    private static String describe(UnknownSystemCall call) {
        return call.name() + " (" + Figures.count(call.calls()) + ")";
    }

    private void title(String title) {
        text.append('\n').append(title).append("\n\n");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
