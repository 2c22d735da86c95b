package sharewalk.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import sharewalk.cost.Cycles;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.mmu.count.Counter;

/// What leaving shared tables costs by the number of entries they hold, as a curve of text for each design: the
/// operation, and what it has to fault in again.
public final class UnshareCurve {
    private static final int WIDTH = 50;

    private static final String LEGEND = """
            entries             populated entries of the one last-level table that is left
            faults              that the sharer takes afterwards, until it has its working set back
            cycles              of the operation and its aftermath: a model, typical; the bars are drawn to one scale
            """;

    /// A point: a number of entries, and what leaving them cost.
    private record Point(OperationRun run, OperationCost cost) {
        long count(Counter counter) {
            return cost.during().counts().get(counter) + cost.aftermath().get(counter);
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
            SequencedMap<String, List<Point>> curves = new TreeMap<>();
            TreeSet<String> without = new TreeSet<>();
            for (OperationRun run : group) {
                for (OperationCost cost : run.costs()) {
                    String name = "%s (%s), %s"
                            .formatted(
                                    run.spec().design(),
                                    run.spec().sharing().kind().word(),
                                    cost.operation().key());
                    if (cost.isMade()) {
                        curves.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Point(run, cost));
                    } else {
                        without.add("%s: %s\n".formatted(name, cost.outcome().describe()));
                    }
                }
            }
            long most = curves.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(Point::cycles)
                    .max()
                    .orElse(1);
            curves.forEach((name, points) -> text.append(curve(name, points, most)));
            without.forEach(text::append);
            text.append(without.isEmpty() ? "" : "\n");
        }
        return text.append(LEGEND).toString();
    }

    private static String curve(String name, List<Point> points, long most) {
        TextTable table = new TextTable();
        table.addFigures("entries");
        table.addFigures("PTE r");
        table.addFigures("PTE w");
        table.addFigures("tables +");
        table.addFigures("pages copied");
        table.addFigures("faults");
        table.addFigures("walk steps");
        table.addFigures("cycles");
        table.addNames("");
        for (Point point : points) {
            List<String> cells = new ArrayList<>();
            cells.add(Figures.count(point.run().plan().pages()));
            for (Counter counter : List.of(
                    Counter.PTE_READ,
                    Counter.PTE_WRITE,
                    Counter.TABLE_ALLOCATED,
                    Counter.PAGE_COPIED,
                    Counter.FAULT,
                    Counter.WALK_STEP)) {
                cells.add(Figures.count(point.count(counter)));
            }
            cells.add(Figures.count(point.cycles()));
            cells.add("#".repeat(bar(point.cycles(), most)));
            table.addRow(cells);
        }
        Point first = points.getFirst();
        return "%s\n(%s, marks: %s)\n\n%s\n"
                .formatted(
                        name,
                        first.run().spec().command().name(),
                        first.cost().operation().marks(),
                        table.render());
    }

    private static int bar(long cycles, long most) {
        return (int) Math.max(0, (cycles * WIDTH + most - 1) / Math.max(1, most));
    }
}
