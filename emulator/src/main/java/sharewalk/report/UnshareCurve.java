package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import sharewalk.cost.Cycles;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.mmu.count.Counter;

/// What leaving shared tables costs by the number of entries they hold, as a curve of text for each design: the
/// operation, and what it has to fault in again.
public final class UnshareCurve {
    private static final int WIDTH = 50;

    private static final List<String> HEADERS =
            List.of("PTE r", "PTE w", "tables +", "copied", "pages copied", "faults", "walk steps");
    private static final List<Counter> COUNTERS = List.of(
            Counter.PTE_READ,
            Counter.PTE_WRITE,
            Counter.TABLE_ALLOCATED,
            Counter.TABLE_COPIED,
            Counter.PAGE_COPIED,
            Counter.FAULT,
            Counter.WALK_STEP);

    private static final String LEGEND = """
            entries             populated entries of the one last-level table concerned
            faults              with those that the sharer takes afterwards, until its working set is back
            cycles              of the operation and its aftermath: a model, typical
            bars                of one operation: to one scale
            """;

    /// A point: a number of entries, and what leaving them cost.
    private record Point(OperationRun run, OperationCost cost) {
        long count(Counter counter) {
            return cost.during().counts().get(counter) + cost.aftermath().get(counter);
        }

        /// Returns a row of the table.
        List<Long> figures() {
            List<Long> figures = new ArrayList<>();
            figures.add((long) run.plan().pages());
            COUNTERS.forEach(counter -> figures.add(count(counter)));
            figures.add(cycles());
            return figures;
        }

        long cycles() {
            OperationCycles priced = OperationCycles.of(cost, run.spec().costs());
            Cycles both = priced.during().plus(priced.aftermath());
            return both.typical();
        }
    }

    private UnshareCurve() {}

    /// Returns the curves, by instruction set and machine, and what has none.
    public static String render(List<OperationRun> runs) {
        StringBuilder text = new StringBuilder();
        for (List<OperationRun> group : OperationReport.byMachine(runs).values()) {
            text.append(OperationReport.heading(group.getFirst())).append('\n');
            for (Operation operation : Operation.values()) {
                if (group.getFirst().plan().includes(operation)) {
                    append(text, operation, group);
                }
            }
        }
        return text.append(LEGEND).toString();
    }

    /// Designs that agree in every point share a curve.
    private static void append(StringBuilder text, Operation operation, List<OperationRun> runs) {
        SequencedMap<String, List<Point>> byDesign = new LinkedHashMap<>();
        SequencedSet<String> without = new LinkedHashSet<>();
        for (OperationRun run : runs) {
            OperationCost cost = run.cost(operation);
            String name = "%s (%s)"
                    .formatted(run.spec().design(), run.spec().sharing().kind().word());
            if (cost.isMade()) {
                byDesign.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Point(run, cost));
            } else {
                without.add(name + ": " + cost.outcome().describe());
            }
        }
        SequencedMap<List<List<Long>>, List<String>> curves = new LinkedHashMap<>();
        byDesign.forEach((name, points) -> curves.computeIfAbsent(
                        points.stream().map(Point::figures).toList(), _ -> new ArrayList<>())
                .add(name));
        long most = byDesign.values().stream()
                .flatMap(List::stream)
                .mapToLong(Point::cycles)
                .max()
                .orElse(1);
        text.append("%s: %s\n(%s, marks: %s)\n\n"
                .formatted(
                        operation.key(),
                        operation.meaning(),
                        runs.getFirst().spec().command().name(),
                        operation.marks()));
        curves.forEach((figures, names) -> text.append(String.join(", ", names))
                .append("\n\n")
                .append(curve(figures, most))
                .append('\n'));
        without.forEach(line -> text.append(line).append('\n'));
        text.append(without.isEmpty() ? "" : "\n");
    }

    private static String curve(List<List<Long>> points, long most) {
        TextTable table = new TextTable();
        table.addFigures("entries");
        HEADERS.forEach(table::addFigures);
        table.addFigures("cycles");
        table.addNames("");
        for (List<Long> figures : points) {
            List<String> cells =
                    new ArrayList<>(figures.stream().map(Figures::count).toList());
            cells.add("#".repeat(bar(figures.getLast(), most)));
            table.addRow(cells);
        }
        return table.render();
    }

    private static int bar(long cycles, long most) {
        return (int) Math.max(0, (cycles * WIDTH + most - 1) / Math.max(1, most));
    }
}
