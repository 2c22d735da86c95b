package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sharewalk.experiment.Comparison;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.count.MissTotals;

/// Why TLBs missed, as a table and as JSON.
final class MissCauses {
    private static final List<String> FIGURES = List.of("L1I miss", "L1D miss", "L2 miss", "steps");

    private MissCauses() {}

    /// Returns the table of a run: one row for each cause that occurred.
    static String render(MissTotals misses) {
        TextTable table = new TextTable();
        table.addNames("cause");
        FIGURES.forEach(table::addFigures);
        table.addFigures("flushes");
        table.addFigures("dropped");
        for (MissCause cause : MissCause.values()) {
            if (occurred(cause, misses)) {
                table.addRow(row(cause, misses));
            }
        }
        List<String> counted = new ArrayList<>(List.of("counted"));
        List<String> unflushed = new ArrayList<>(List.of("without flushes"));
        for (MissFigure figure : MissFigure.values()) {
            counted.add(Figures.count(misses.counted(figure)));
            unflushed.add(Figures.count(misses.unflushed(figure)));
        }
        counted.addAll(List.of(Figures.count(flushes(misses)), Figures.count(dropped(misses))));
        unflushed.addAll(List.of("", ""));
        table.addRow(counted);
        table.addRow(unflushed);
        return table.render();
    }

    private static List<String> row(MissCause cause, MissTotals misses) {
        List<String> cells = new ArrayList<>();
        FlushCause flush = cause.flush();
        cells.add(flush == null ? cause.key() : "after " + cause.key());
        for (MissFigure figure : MissFigure.values()) {
            cells.add(Figures.count(misses.get(cause, figure)));
        }
        cells.add(flush == null ? "" : Figures.count(misses.flushes(flush)));
        cells.add(flush == null ? "" : Figures.count(misses.dropped(flush)));
        return cells;
    }

    /// Returns the table of a comparison: what flushes cost each design.
    static String render(Comparison comparison) {
        TextTable table = new TextTable();
        List.of("ISA", "processes", "design", "kind").forEach(table::addNames);
        List.of("flushes", "dropped").forEach(table::addFigures);
        FIGURES.forEach(table::addFigures);
        table.addFigures("of steps");
        for (Comparison.Row row : comparison.rows()) {
            MissTotals misses = row.result().totals().counts().misses();
            if (misses == null) {
                continue;
            }
            List<String> cells =
                    new ArrayList<>(List.of(row.isa(), Integer.toString(row.processes()), row.design(), row.kind()));
            cells.addAll(List.of(Figures.count(flushes(misses)), Figures.count(dropped(misses))));
            for (MissFigure figure : MissFigure.values()) {
                cells.add(Figures.count(misses.counted(figure) - misses.unflushed(figure)));
            }
            cells.add(Figures.count(misses.counted(MissFigure.WALK_STEPS)));
            table.addRow(cells);
        }
        return table.render();
    }

    /// Returns the causes that occurred under their keys.
    static SequencedMap<String, Object> document(MissTotals misses) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        for (MissCause cause : MissCause.values()) {
            if (occurred(cause, misses)) {
                json.put(cause.key(), item(cause, misses));
            }
        }
        return json;
    }

    private static Map<String, Object> item(MissCause cause, MissTotals misses) {
        Map<String, Object> item = new LinkedHashMap<>();
        FlushCause flush = cause.flush();
        if (flush != null) {
            item.put("flushes", misses.flushes(flush));
            item.put("dropped", misses.dropped(flush));
        }
        for (MissFigure figure : MissFigure.values()) {
            item.put(figure.key(), misses.get(cause, figure));
        }
        return item;
    }

    private static boolean occurred(MissCause cause, MissTotals misses) {
        FlushCause flush = cause.flush();
        long sum = flush == null ? 0 : misses.flushes(flush);
        for (MissFigure figure : MissFigure.values()) {
            sum += misses.get(cause, figure);
        }
        return sum > 0;
    }

    private static long flushes(MissTotals misses) {
        long sum = 0;
        for (FlushCause cause : FlushCause.values()) {
            sum += misses.flushes(cause);
        }
        return sum;
    }

    private static long dropped(MissTotals misses) {
        long sum = 0;
        for (FlushCause cause : FlushCause.values()) {
            sum += misses.dropped(cause);
        }
        return sum;
    }
}
