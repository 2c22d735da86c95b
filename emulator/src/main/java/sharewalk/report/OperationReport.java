package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;
import sharewalk.cost.Cycles;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.Metric;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.mmu.count.Counter;

/// What operations on a shared region cost under each design: a table for each operation.
public final class OperationReport {
    private static final List<Column> DURING = List.of(
            during("instr.", Metric.INSTRUCTIONS),
            during("calls", Metric.SYSCALLS),
            during("PTE r", Metric.PTE_READS),
            during("PTE w", Metric.PTE_WRITES),
            during("tables +", Metric.TABLES_ALLOCATED),
            during("-", Metric.TABLES_FREED),
            during("copied", Metric.TABLES_COPIED),
            during("pages 0", Metric.PAGES_ZEROED),
            during("copied", Metric.PAGES_COPIED),
            during("VMAs", Metric.AREA_CHANGES),
            during("faults", Metric.FAULTS),
            during("link", Metric.LINK_FAULTS),
            during("inval.", Metric.INVALIDATIONS),
            during("flushes", Metric.FULL_FLUSHES),
            new Column("IPIs", OperationReport::interrupts));

    private static final List<Column> AFTERMATH = List.of(
            new Column("after: L1D", cost -> cost.aftermath().l1dMisses()),
            after("L2", Counter.L2_MISS),
            after("steps", Counter.WALK_STEP),
            after("faults", Counter.FAULT));

    private static final String LEGEND = """
            Figures are sums over all processes that took part.
            tables + -, copied  table pages allocated, freed, copied; pages 0, copied: pages of 4 KiB zeroed, copied
            VMAs                changes of mappings
            IPIs                other harts interrupted, by the kernel or by the firmware
            after               the aftermath: what two rounds of loads through every sharer's working set took more
                                than undisturbed rounds: misses of the L1D and the L2, steps of walks, faults; the
                                last column in cycles, with + where the second round was not yet as undisturbed
            cycles              priced: a model, in cycles of the machine, typical, low and high; without the
                                guest's own instructions
            """;

    /// A column of figures.
    private record Column(String header, ToLongFunction<OperationCost> reading) {}

    private OperationReport() {}

    private static Column during(String header, Metric metric) {
        return new Column(header, cost -> cost.during().get(metric));
    }

    private static Column after(String header, Counter counter) {
        return new Column(header, cost -> cost.aftermath().get(counter));
    }

    private static long interrupts(OperationCost cost) {
        return cost.during().get(Metric.IPIS) + cost.during().get(Metric.REMOTE_FENCES);
    }

    /// Returns the tables, by instruction set and machine, then by operation.
    public static String render(List<OperationRun> runs) {
        StringBuilder text = new StringBuilder();
        for (List<OperationRun> group : byMachine(runs).values()) {
            text.append(heading(group.getFirst())).append('\n');
            for (Operation operation : Operation.values()) {
                if (group.getFirst().plan().includes(operation)) {
                    text.append(table(operation, group)).append('\n');
                }
            }
        }
        return text.append(workingSet(runs)).append(LEGEND).toString();
    }

    /// Returns runs by what they ran on, in their order.
    static SequencedMap<String, List<OperationRun>> byMachine(List<OperationRun> runs) {
        SequencedMap<String, List<OperationRun>> groups = new LinkedHashMap<>();
        for (OperationRun run : runs) {
            ExperimentSpec spec = run.spec();
            String key =
                    spec.machine().isa().name() + " " + spec.machine().profile().name();
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(run);
        }
        return groups;
    }

    /// Returns what a run's machine is, and whose prices are meant.
    static String heading(OperationRun run) {
        ExperimentSpec spec = run.spec();
        return "%s, machine %s, %s; prices: %s, %d of %d of them guesses.\n"
                .formatted(
                        spec.machine().isa().name(),
                        spec.machine().profile().name(),
                        harts(spec.machine().harts()),
                        spec.costs().machine(),
                        spec.costs().guesses(),
                        spec.costs().costs().size());
    }

    private static String harts(int count) {
        return count == 1 ? "1 hart" : count + " harts";
    }

    private static String workingSet(List<OperationRun> runs) {
        return runs.isEmpty()
                ? ""
                : "Working set of each sharer: %s pages in %d blocks.\n"
                        .formatted(
                                Figures.count(runs.getFirst().plan().pages()),
                                runs.getFirst().plan().blocks());
    }

    private static String table(Operation operation, List<OperationRun> runs) {
        boolean hasAftermath = operation.hasAftermath();
        TextTable table = new TextTable();
        table.addNames("design");
        table.addNames("kind");
        table.addFigures("sharers");
        columns(hasAftermath).forEach(column -> table.addFigures(column.header()));
        table.addFigures("cycles");
        table.addFigures("low");
        table.addFigures("high");
        if (hasAftermath) {
            table.addFigures("after");
        }
        table.addNames("made");
        for (OperationRun run : runs) {
            table.addRow(cells(run, run.cost(operation), hasAftermath));
        }
        return "%s: %s\n(%s, marks: %s)\n\n%s"
                .formatted(
                        operation.key(),
                        operation.meaning(),
                        runs.getFirst().spec().command().name(),
                        operation.marks(),
                        table.render());
    }

    private static List<Column> columns(boolean hasAftermath) {
        List<Column> columns = new ArrayList<>(DURING);
        if (hasAftermath) {
            columns.addAll(AFTERMATH);
        }
        return columns;
    }

    private static List<String> cells(OperationRun run, OperationCost cost, boolean hasAftermath) {
        List<String> cells = new ArrayList<>(List.of(
                run.spec().design(),
                run.spec().sharing().kind().word(),
                Integer.toString(run.plan().sharers())));
        for (Column column : columns(hasAftermath)) {
            cells.add(cost.isMade() ? Figures.count(column.reading().applyAsLong(cost)) : "-");
        }
        OperationCycles priced = OperationCycles.of(cost, run.spec().costs());
        Cycles during = priced.during();
        for (long cycles : new long[] {during.typical(), during.low(), during.high()}) {
            cells.add(cost.isMade() ? Figures.count(cycles) : "-");
        }
        if (hasAftermath) {
            cells.add(
                    cost.isMade() ? Figures.count(priced.aftermath().typical()) + (cost.isSettled() ? "" : "+") : "-");
        }
        cells.add(cost.outcome().describe());
        return cells;
    }
}
