package sharewalk.report;

import java.util.ArrayList;
import java.util.List;
import sharewalk.experiment.Metric;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.mmu.count.Counter;

/// Whom each design flushes when one page is taken from all sharers, and what they miss afterwards.
public final class FlushReport {
    private static final List<Metric> DURING = List.of(
            Metric.PTE_WRITES,
            Metric.SHARER_VISITS,
            Metric.SHOOTDOWNS,
            Metric.IPIS,
            Metric.REMOTE_FENCES,
            Metric.BROADCASTS,
            Metric.INVALIDATIONS,
            Metric.FULL_FLUSHES);
    private static final List<String> DURING_HEADERS =
            List.of("PTE w", "visits", "shootdowns", "IPIs", "by firmware", "broadcasts", "pages inval.", "flushes");

    private static final String LEGEND = """
            visits              sharers whose address spaces were looked up one after the other to be flushed
            pages inval.        single pages that harts were made to drop, flushes: whole spaces or TLBs, both per hart
            after               what two rounds of loads through every sharer's working set took more than undisturbed
                                ones: by harts that were flushed, and by processes that were not running and catch up
            cycles              of the operation and its aftermath, typical: a model
            """;

    private FlushReport() {}

    /// Returns a table for each instruction set and machine.
    public static String render(List<OperationRun> runs) {
        StringBuilder text = new StringBuilder();
        for (List<OperationRun> group : OperationReport.byMachine(runs).values()) {
            OperationRun first = group.getFirst();
            text.append("%s: %s, of %d pages\n(%s, marks: %s; %s, machine %s)\n\n"
                    .formatted(
                            Operation.FLUSH.key(),
                            Operation.FLUSH.meaning(),
                            first.plan().pages(),
                            first.spec().command().name(),
                            Operation.FLUSH.marks(),
                            first.spec().machine().isa().name(),
                            first.spec().machine().profile().name()));
            text.append(table(group)).append('\n');
        }
        return text.append(LEGEND).toString();
    }

    private static String table(List<OperationRun> runs) {
        TextTable table = new TextTable();
        table.addFigures("sharers");
        table.addFigures("harts");
        table.addNames("design");
        table.addNames("kind");
        DURING_HEADERS.forEach(table::addFigures);
        table.addFigures("after: L1D miss");
        table.addFigures("L2 miss");
        table.addFigures("steps");
        table.addFigures("cycles");
        table.addNames("made");
        for (OperationRun run : runs) {
            table.addRow(cells(run, run.cost(Operation.FLUSH)));
        }
        return table.render();
    }

    private static List<String> cells(OperationRun run, OperationCost cost) {
        List<String> cells = new ArrayList<>(List.of(
                Integer.toString(run.plan().sharers()),
                Integer.toString(run.spec().machine().harts()),
                run.spec().design(),
                run.spec().sharing().kind().word()));
        List<Long> figures = new ArrayList<>();
        DURING.forEach(metric -> figures.add(cost.during().get(metric)));
        figures.add(cost.aftermath().l1dMisses());
        figures.add(cost.aftermath().get(Counter.L2_MISS));
        figures.add(cost.aftermath().get(Counter.WALK_STEP));
        OperationCycles priced = OperationCycles.of(cost, run.spec().costs());
        figures.add(priced.during().plus(priced.aftermath()).typical());
        figures.forEach(figure -> cells.add(cost.isMade() ? Figures.count(figure) : "-"));
        cells.add(cost.outcome().describe());
        return cells;
    }
}
