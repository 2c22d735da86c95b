package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sharewalk.cost.Cycles;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.experiment.operation.Outcome;

/// What operations cost, for programs: a row for each operation of each run, as CSV and as JSON. What was not made has
/// no figures.
public final class OperationFiles {
    /// The name and version of the JSON schema.
    public static final String SCHEMA = "sharewalk-cost-1";

    /// What an aftermath is a difference of; peaks are no sums.
    private static final List<Metric> AFTERMATH = Stream.of(Metric.values())
            .filter(metric -> metric != Metric.PAGE_TABLE_BYTES_PEAK && metric != Metric.SHARED_PAGE_TABLE_BYTES_PEAK)
            .toList();

    private OperationFiles() {}

    /// Returns the rows as JSON.
    public static String json(List<OperationRun> runs) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        List<Object> rows = new ArrayList<>();
        for (OperationRun run : runs) {
            run.costs().forEach(cost -> rows.add(row(run, cost)));
        }
        json.put("rows", rows);
        return JsonText.of(json);
    }

    private static Map<String, Object> row(OperationRun run, OperationCost cost) {
        Map<String, Object> row = names(run, cost);
        if (cost.isMade()) {
            row.put("during", figures(List.of(Metric.values()), cost.during()));
            OperationCycles priced = OperationCycles.of(cost, run.spec().costs());
            row.put("cycles", cycles(priced.during()));
            if (cost.operation().hasAftermath()) {
                row.put("aftermath", figures(AFTERMATH, new Measures(cost.aftermath(), 0, 0)));
                row.put("aftermathCycles", cycles(priced.aftermath()));
                row.put("settled", cost.isSettled());
            }
        }
        return row;
    }

    private static SequencedMap<String, Object> names(OperationRun run, OperationCost cost) {
        SequencedMap<String, Object> row = new LinkedHashMap<>();
        row.put("isa", run.spec().machine().isa().name());
        row.put("machine", run.spec().machine().profile().name());
        row.put("harts", run.spec().machine().harts());
        row.put("design", run.spec().design());
        row.put("kind", run.spec().sharing().kind().word());
        row.put("sharers", run.plan().sharers());
        row.put("pages", run.plan().pages());
        row.put("operation", cost.operation().key());
        row.put("made", cost.outcome() instanceof Outcome.Made(int processes, String _) ? processes : 0);
        row.put("outcome", cost.outcome().describe());
        row.put("program", run.plan().command(run.spec()));
        row.put("marks", cost.operation().marks());
        return row;
    }

    private static Map<String, Object> figures(List<Metric> metrics, Measures measures) {
        Map<String, Object> figures = new LinkedHashMap<>();
        metrics.forEach(metric -> figures.put(metric.key(), measures.get(metric)));
        return figures;
    }

    private static Map<String, Object> cycles(Cycles cycles) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("low", cycles.low());
        json.put("typical", cycles.typical());
        json.put("high", cycles.high());
        return json;
    }

    /// Returns the rows as CSV (RFC 4180, lines ended by LF), a header first: the keys of the JSON rows, those inside
    /// `aftermath` and `cycles` after a dot.
    public static String csv(List<OperationRun> runs) {
        List<SequencedMap<String, Object>> rows = new ArrayList<>();
        for (OperationRun run : runs) {
            run.costs().forEach(cost -> rows.add(flat(row(run, cost))));
        }
        List<String> columns = columns();
        StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
        for (Map<String, Object> row : rows) {
            text.append(columns.stream()
                            .map(column -> quoted(Objects.toString(row.get(column), "")))
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.toString();
    }

    private static List<String> columns() {
        List<String> columns = new ArrayList<>(List.of(
                "isa", "machine", "harts", "design", "kind", "sharers", "pages", "operation", "made", "outcome"));
        for (Metric metric : Metric.values()) {
            columns.add("during." + metric.key());
        }
        columns.addAll(List.of("cycles.low", "cycles.typical", "cycles.high"));
        AFTERMATH.forEach(metric -> columns.add("aftermath." + metric.key()));
        columns.addAll(List.of(
                "aftermathCycles.low",
                "aftermathCycles.typical",
                "aftermathCycles.high",
                "settled",
                "program",
                "marks"));
        return columns;
    }

    private static SequencedMap<String, Object> flat(Map<String, Object> row) {
        SequencedMap<String, Object> flat = new LinkedHashMap<>();
        row.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                inner.forEach((innerKey, innerValue) -> flat.put(key + "." + innerKey, innerValue));
            } else {
                flat.put(key, value);
            }
        });
        return flat;
    }

    private static String quoted(String field) {
        return field.matches("[^\",\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
