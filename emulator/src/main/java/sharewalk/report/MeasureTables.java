package sharewalk.report;

import java.util.ArrayList;
import java.util.List;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;

/// The three tables in which measures are shown: what translating addresses took, what the kernel was asked and told,
/// and the primitive operations it made.
final class MeasureTables {
    private static final List<Figure> TRANSLATION = List.of(
            new Figure("instructions", Metric.INSTRUCTIONS),
            new Figure("L1I miss", Metric.L1I_MISSES),
            new Figure("L1D miss", Metric.L1D_MISSES),
            new Figure("by load", Metric.L1D_LOAD_MISSES),
            new Figure("by store", Metric.L1D_STORE_MISSES),
            new Figure("L2 miss", Metric.L2_MISSES),
            new Figure("walks", Metric.WALKS),
            new Figure("steps", Metric.WALK_STEPS),
            new Figure("faulting", Metric.FAULTING_WALKS),
            new Figure("dirty", Metric.DIRTY_UPDATES));

    private static final List<Figure> KERNEL = List.of(
            new Figure("faults", Metric.FAULTS),
            new Figure("minor", Metric.MINOR_FAULTS),
            Figure.rare("major", Metric.MAJOR_FAULTS),
            new Figure("link", Metric.LINK_FAULTS),
            new Figure("tables KiB", Metric.PAGE_TABLE_BYTES_PEAK),
            new Figure("shared KiB", Metric.SHARED_PAGE_TABLE_BYTES_PEAK),
            new Figure("invalid.", Metric.INVALIDATIONS),
            new Figure("flushes", Metric.FULL_FLUSHES),
            new Figure("shootd.", Metric.SHOOTDOWNS),
            new Figure("IPIs", Metric.IPIS),
            new Figure("syscalls", Metric.SYSCALLS),
            new Figure("switches", Metric.CONTEXT_SWITCHES));

    private static final List<Figure> PRIMITIVES = List.of(
            new Figure("PTE reads", Metric.PTE_READS),
            new Figure("PTE writes", Metric.PTE_WRITES),
            new Figure("tables made", Metric.TABLES_ALLOCATED),
            new Figure("freed", Metric.TABLES_FREED),
            new Figure("pages zeroed", Metric.PAGES_ZEROED),
            new Figure("copied", Metric.PAGES_COPIED),
            new Figure("looked up", Metric.PAGE_CACHE_LOOKUPS),
            new Figure("area changes", Metric.AREA_CHANGES),
            Figure.rare("swapped out", Metric.PAGES_SWAPPED_OUT),
            Figure.rare("swapped in", Metric.PAGES_SWAPPED_IN),
            Figure.rare("writes told", Metric.WRITE_NOTIFICATIONS));

    private final List<String> nameHeaders;
    private final List<Row> rows = new ArrayList<>();

    /// A column; a rare one is left out where nothing was counted.
    private record Figure(String header, Metric metric, boolean isRare) {
        Figure(String header, Metric metric) {
            this(header, metric, false);
        }

        static Figure rare(String header, Metric metric) {
            return new Figure(header, metric, true);
        }

        String of(Measures measures) {
            long value = measures.get(metric);
            return switch (metric) {
                case PAGE_TABLE_BYTES_PEAK, SHARED_PAGE_TABLE_BYTES_PEAK -> Figures.kib(value);
                default -> Figures.count(value);
            };
        }
    }

    private record Row(List<String> names, Measures measures) {}

    MeasureTables(String... nameHeaders) {
        this.nameHeaders = List.of(nameHeaders);
    }

    /// Adds a row to all tables.
    void addRow(List<String> names, Measures measures) {
        rows.add(new Row(names, measures));
    }

    /// Returns the tables, one below the other.
    String render() {
        return render(TRANSLATION) + "\n" + render(KERNEL) + "\n" + render(PRIMITIVES);
    }

    private String render(List<Figure> all) {
        List<Figure> figures = all.stream()
                .filter(figure -> !figure.isRare()
                        || rows.stream().anyMatch(row -> row.measures().get(figure.metric()) != 0))
                .toList();
        TextTable table = new TextTable();
        nameHeaders.forEach(table::addNames);
        figures.forEach(figure -> table.addFigures(figure.header()));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(row.names());
            figures.forEach(figure -> cells.add(figure.of(row.measures())));
            table.addRow(cells);
        }
        return table.render();
    }
}
