package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.ScalePoint;
import sharewalk.experiment.ScaleStudy;
import sharewalk.experiment.ScaleStudy.Run;
import sharewalk.experiment.ScaleStudy.Subject;
import sharewalk.experiment.TableFit;
import sharewalk.experiment.TableFormula;

/// A study of page-table memory at scale as text, CSV and JSON: what was measured, and what it comes to.
public final class ScaleReport {
    /// The name and version of the JSON schema.
    public static final String SCHEMA = "sharewalk-scale-1";

    private static final double GIB = 1L << 30;

    private static final String LEGEND = """

            region's tables     bytes of page tables made for the region, at their peak, every sharer attached
            formula, residual   what fits the measured sizes best, N processes and a region of S bytes, every 2 MiB
                                touched; residual: measured less formula, - where the formula is for larger regions
                                only. A formula whose residual is not 0 is an estimate
            kind                a proposal is our reading of what was said, a posting has code: no equals
            """;

    private ScaleReport() {}

    /// Returns a summary for mails, then both tables in full.
    public static String render(ScaleStudy study) {
        return "%s\n%s\n\nMeasured\n\n%s\nExtrapolated to %,d processes and a region of %s\n\n%s%s"
                .formatted(
                        ScaleSummary.of(study),
                        study.program(),
                        measured(study),
                        study.target().processes(),
                        study.target().sizeText(),
                        extrapolated(study),
                        LEGEND);
    }

    private static String measured(ScaleStudy study) {
        TextTable table = new TextTable();
        List.of("ISA", "machine", "design", "kind").forEach(table::addNames);
        List.of("processes", "region", "minor faults", "link", "region's tables", "all tables", "formula", "residual")
                .forEach(table::addFigures);
        table.addNames("result");
        Map<Subject, TableFit> fits = study.fits();
        for (Run run : study.runs()) {
            @Nullable TableFit fit = fits.get(run.subject());
            boolean covered = fit != null && fit.covers(run.point());
            List<String> cells = names(run.subject());
            cells.addAll(List.of(
                    Figures.count(run.point().processes()),
                    run.point().sizeText(),
                    Figures.count(run.minorFaults()),
                    Figures.count(run.linkFaults()),
                    Figures.count(run.regionTableBytes()),
                    Figures.count(run.allTableBytes()),
                    fit != null && covered ? Figures.count(fit.formula().bytes(run.point())) : "-",
                    fit != null && covered ? Figures.count(residual(run, fit)) : "-",
                    outcome(run)));
            table.addRow(cells);
        }
        return table.render();
    }

    private static String extrapolated(ScaleStudy study) {
        TextTable table = new TextTable();
        List.of("ISA", "machine", "design", "kind").forEach(table::addNames);
        List.of("region's tables", "GiB", "largest residual").forEach(table::addFigures);
        table.addNames("formula");
        study.fits().forEach((subject, fit) -> {
            List<String> cells = names(subject);
            long bytes = fit.formula().bytes(study.target());
            cells.addAll(List.of(
                    Figures.count(bytes),
                    gibibytes(bytes),
                    Figures.count(study.largestResidual(subject, fit)),
                    fit.text()));
            table.addRow(cells);
        });
        return table.render();
    }

    private static List<String> names(Subject subject) {
        return new ArrayList<>(List.of(subject.isa(), subject.machine(), subject.design(), subject.kind()));
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.3f", bytes / GIB);
    }

    private static String outcome(Run run) {
        return run.problem().isEmpty() ? "ok" : run.problem();
    }

    private static long residual(Run run, TableFit fit) {
        return fit.formula().residual(run.point(), run.regionTableBytes());
    }

    /// Returns the measured runs as CSV, a header first; the last row of each subject is the extrapolation.
    public static String csv(ScaleStudy study) {
        StringBuilder text =
                new StringBuilder("isa,machine,design,kind,measured,processes,regionBytes,minorFaults,linkFaults,"
                        + "regionPageTableBytes,pageTableBytes,formulaBytes,residualBytes,result\n");
        Map<Subject, TableFit> fits = study.fits();
        for (Subject subject : study.subjects()) {
            @Nullable TableFit fit = fits.get(subject);
            String names = String.join(
                    ",", subject.isa(), ComparisonReport.quoted(subject.machine()), subject.design(), subject.kind());
            for (Run run : study.runsOf(subject)) {
                text.append(names).append(",yes,").append(figures(run, fit)).append('\n');
            }
            if (fit != null) {
                ScalePoint target = study.target();
                text.append("%s,no,%d,%d,,,,,%d,,\n"
                        .formatted(
                                names,
                                target.processes(),
                                target.regionBytes(),
                                fit.formula().bytes(target)));
            }
        }
        return text.toString();
    }

    private static String figures(Run run, @Nullable TableFit fit) {
        boolean covered = fit != null && fit.covers(run.point());
        return "%d,%d,%d,%d,%d,%d,%s,%s,%s"
                .formatted(
                        run.point().processes(),
                        run.point().regionBytes(),
                        run.minorFaults(),
                        run.linkFaults(),
                        run.regionTableBytes(),
                        run.allTableBytes(),
                        fit != null && covered ? fit.formula().bytes(run.point()) : "",
                        fit != null && covered ? residual(run, fit) : "",
                        ComparisonReport.quoted(outcome(run)));
    }

    /// Returns everything as JSON.
    public static String json(ScaleStudy study) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("program", study.program());
        json.put("target", point(study.target()));
        List<Object> subjects = new ArrayList<>();
        Map<Subject, TableFit> fits = study.fits();
        study.subjects().forEach(subject -> subjects.add(subject(study, subject, fits.get(subject))));
        json.put("subjects", subjects);
        return JsonText.of(json);
    }

    private static Map<String, Object> subject(ScaleStudy study, Subject subject, @Nullable TableFit fit) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("isa", subject.isa());
        json.put("machine", subject.machine());
        json.put("design", subject.design());
        json.put("kind", subject.kind());
        if (fit != null) {
            json.put("formula", fit.text());
            json.put("beyondBytes", fit.beyondBytes());
            json.put("own", part(fit.formula().own()));
            json.put("shared", part(fit.formula().shared()));
            json.put("targetBytes", fit.formula().bytes(study.target()));
            json.put("largestResidualBytes", study.largestResidual(subject, fit));
        }
        json.put(
                "runs", study.runsOf(subject).stream().map(run -> run(run, fit)).toList());
        return json;
    }

    private static Map<String, Object> point(ScalePoint point) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("processes", point.processes());
        json.put("regionBytes", point.regionBytes());
        return json;
    }

    private static Map<String, Object> part(TableFormula.Part part) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("leaf", part.leaf());
        json.put("middle", part.middle());
        json.put("rest", part.rest());
        json.put("top", part.top());
        return json;
    }

    private static Map<String, Object> run(Run run, @Nullable TableFit fit) {
        Map<String, Object> json = point(run.point());
        json.put("minorFaults", run.minorFaults());
        json.put("linkFaults", run.linkFaults());
        json.put("regionPageTableBytes", run.regionTableBytes());
        json.put("pageTableBytes", run.allTableBytes());
        if (fit != null && fit.covers(run.point())) {
            json.put("formulaBytes", fit.formula().bytes(run.point()));
            json.put("residualBytes", residual(run, fit));
        }
        json.put("result", outcome(run));
        return json;
    }
}
