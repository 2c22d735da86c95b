package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;
import sharewalk.cost.Cycles;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.Comparison.Row;
import sharewalk.experiment.Metric;

/// A comparison of designs as a table, as CSV and as JSON, with the same figures in each.
public final class ComparisonReport {
    /// The name and version of the JSON schema.
    public static final String SCHEMA = "sharewalk-compare-1";

    private static final List<Figure> FIGURES = List.of(
            new Figure("minor faults", "regionMinorFaults", row -> row.region().get(Metric.MINOR_FAULTS)),
            new Figure("link", "linkFaults", row -> row.result().totals().get(Metric.LINK_FAULTS)),
            new Figure(
                    "tables: region",
                    "regionPageTableBytesPeak",
                    row -> row.region().get(Metric.PAGE_TABLE_BYTES_PEAK)),
            new Figure("all", "pageTableBytesPeak", row -> row.result().totals().get(Metric.PAGE_TABLE_BYTES_PEAK)),
            new Figure(
                    "steady: L1D miss", "steadyL1dMisses", row -> row.steady().get(Metric.L1D_MISSES)),
            new Figure("L2 miss", "steadyL2Misses", row -> row.steady().get(Metric.L2_MISSES)),
            new Figure("walks", "steadyWalks", row -> row.steady().get(Metric.WALKS)),
            new Figure("steps", "steadyWalkSteps", row -> row.steady().get(Metric.WALK_STEPS)),
            new Figure(
                    "faulting walks",
                    "faultingWalks",
                    row -> row.result().totals().get(Metric.FAULTING_WALKS)),
            new Figure("cycles: typical", "cyclesTypical", row -> cycles(row).typical()),
            new Figure("low", "cyclesLow", row -> cycles(row).low()),
            new Figure("high", "cyclesHigh", row -> cycles(row).high()));

    /// A column of figures.
    private record Figure(String header, String key, ToLongFunction<Row> reading) {
        long of(Row row) {
            return reading.applyAsLong(row);
        }
    }

    private ComparisonReport() {}

    /// Returns the table, with what its columns mean below it.
    public static String render(Comparison comparison) {
        TextTable table = new TextTable();
        table.addNames("ISA");
        table.addNames("machine");
        table.addFigures("processes");
        table.addNames("design");
        table.addNames("kind");
        FIGURES.forEach(figure -> table.addFigures(figure.header()));
        table.addFigures("x tables");
        table.addFigures("x L1D");
        table.addNames("result");
        for (Row row : comparison.rows()) {
            table.addRow(cells(row, comparison));
        }
        return comparison.program() + "\n\n" + table.render() + LEGEND + flushCosts(comparison);
    }

    private static Cycles cycles(Row row) {
        return new PricedBlock(row.result()).price(row.result().totals()).total();
    }

    private static final String LEGEND = """

            minor faults, tables: region  in mappings of shared regions; page-table bytes are peaks
            link                          faults that attached a shared table
            steady                        in the phase "steady", where every process has touched every page; else in all
            faulting walks                of the whole run: walks that found no translation, and so became a fault
            cycles                        of the whole run, priced: a model; without the guest's own instructions
            kind                          a proposal is our reading of what was said, a posting has code: no equals
            x tables, x L1D               region's table bytes and steady L1D misses against the design named first
            result                        ok: exit status 0 (checksums hold), and the same output under each design
            """;

    private static String flushCosts(Comparison comparison) {
        boolean known = comparison.rows().stream()
                .anyMatch(row -> row.result().totals().counts().misses() != null);
        return known
                ? "\nWhat flushes have cost: misses and walk steps that there would not have been\n\n"
                        + MissCauses.render(comparison)
                : "";
    }

    private static List<String> cells(Row row, Comparison comparison) {
        Optional<Row> base = comparison.baseOf(row);
        List<String> cells = new ArrayList<>(
                List.of(row.isa(), row.machine(), Integer.toString(row.processes()), row.design(), row.kind()));
        FIGURES.forEach(figure -> cells.add(Figures.count(figure.of(row))));
        cells.add(Figures.ratio(
                regionTables(row), base.map(ComparisonReport::regionTables).orElse(0L)));
        cells.add(Figures.ratio(
                steadyMisses(row), base.map(ComparisonReport::steadyMisses).orElse(0L)));
        cells.add(outcome(row, comparison));
        return cells;
    }

    private static long regionTables(Row row) {
        return row.region().get(Metric.PAGE_TABLE_BYTES_PEAK);
    }

    private static long steadyMisses(Row row) {
        return row.steady().get(Metric.L1D_MISSES);
    }

    private static String outcome(Row row, Comparison comparison) {
        if (!row.succeeded()) {
            return row.result().ending().describe();
        }
        return comparison.printsAsBase(row) ? "ok" : "output differs";
    }

    /// Returns the figures as CSV (RFC 4180, lines ended by LF), a header first.
    public static String csv(Comparison comparison) {
        StringBuilder text = new StringBuilder("isa,machine,processes,design,kind");
        FIGURES.forEach(figure -> text.append(',').append(figure.key()));
        text.append(",result\n");
        for (Row row : comparison.rows()) {
            text.append(row.isa())
                    .append(',')
                    .append(quoted(row.machine()))
                    .append(',')
                    .append(row.processes())
                    .append(',')
                    .append(row.design())
                    .append(',')
                    .append(row.kind());
            FIGURES.forEach(figure -> text.append(',').append(figure.of(row)));
            text.append(',').append(quoted(outcome(row, comparison))).append('\n');
        }
        return text.toString();
    }

    /// Returns a field of CSV, in quotes where it needs them.
    static String quoted(String field) {
        return field.matches("[^\",\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    /// Returns the figures and every run's whole report as JSON.
    public static String json(Comparison comparison) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("program", comparison.program());
        List<Object> rows = new ArrayList<>();
        for (Row row : comparison.rows()) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("isa", row.isa());
            item.put("machine", row.machine());
            item.put("processes", row.processes());
            item.put("design", row.design());
            item.put("kind", row.kind());
            FIGURES.forEach(figure -> item.put(figure.key(), figure.of(row)));
            item.put("result", outcome(row, comparison));
            item.put("run", JsonReport.document(row.result()));
            rows.add(item);
        }
        json.put("rows", rows);
        return JsonText.of(json);
    }
}
