package sharewalk.report;

import java.util.ArrayList;
import java.util.List;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;

/// The two tables in which measures are shown: what translating addresses took, and what the kernel did.
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
            new Figure("link", Metric.LINK_FAULTS),
            new Figure("tables KiB", Metric.PAGE_TABLE_BYTES_PEAK),
            new Figure("shared KiB", Metric.SHARED_PAGE_TABLE_BYTES_PEAK),
            new Figure("invalid.", Metric.INVALIDATIONS),
            new Figure("flushes", Metric.FULL_FLUSHES),
            new Figure("shootd.", Metric.SHOOTDOWNS),
            new Figure("IPIs", Metric.IPIS),
            new Figure("syscalls", Metric.SYSCALLS),
            new Figure("switches", Metric.CONTEXT_SWITCHES));

    private final List<String> nameHeaders;
    private final List<Row> rows = new ArrayList<>();

    /// A column.
    private record Figure(String header, Metric metric) {
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

    /// Adds a row to both tables.
    void addRow(List<String> names, Measures measures) {
        rows.add(new Row(names, measures));
    }

    /// Returns both tables, one below the other.
    String render() {
        return render(TRANSLATION) + "\n" + render(KERNEL);
    }

    private String render(List<Figure> figures) {
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
