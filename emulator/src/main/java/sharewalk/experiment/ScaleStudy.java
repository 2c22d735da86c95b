package sharewalk.experiment;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What page tables of a shared region cost at a size that nobody runs: measured at several sizes that are run, and
/// extrapolated from there.
///
/// @param program and its arguments, as the user wrote them
/// @param target the size extrapolated to
/// @param points the sizes measured
/// @param runs in the order they are shown; those of an interrupted study are what was finished
public record ScaleStudy(String program, ScalePoint target, List<ScalePoint> points, List<Run> runs) {
    /// The marker in an argument that stands for the region's size in MiB.
    public static final String MEBIBYTES_MARK = "{MIB}";

    public ScaleStudy {
        points = List.copyOf(points);
        runs = List.copyOf(runs);
    }

    /// The runs that differ in nothing but the size.
    ///
    /// @param design as `NAME` or `NAME:VARIANT`
    /// @param kind how far the design got
    public record Subject(String isa, String machine, String design, String kind) {}

    /// What is kept of one run.
    ///
    /// @param regionTableBytes page-table bytes in mappings of the region at their peak
    /// @param allTableBytes those of everything
    /// @param problem how the program ended if not well, else empty
    public record Run(
            Subject subject,
            ScalePoint point,
            long regionTableBytes,
            long allTableBytes,
            long minorFaults,
            long linkFaults,
            String problem) {
        /// Returns what is kept of a result.
        public static Run of(ScalePoint point, RunResult result) {
            Comparison.Row row = new Comparison.Row(
                    result.spec().machine().isa().name(),
                    point.processes(),
                    result.spec().design(),
                    result,
                    "");
            return new Run(
                    new Subject(row.isa(), row.machine(), row.design(), row.kind()),
                    point,
                    row.region().get(Metric.PAGE_TABLE_BYTES_PEAK),
                    result.totals().get(Metric.PAGE_TABLE_BYTES_PEAK),
                    row.region().get(Metric.MINOR_FAULTS),
                    result.totals().get(Metric.LINK_FAULTS),
                    row.succeeded() ? "" : result.ending().describe());
        }
    }

    /// Returns the subjects, in the order of the runs.
    public List<Subject> subjects() {
        return runs.stream().map(Run::subject).distinct().toList();
    }

    /// Returns what fits each subject, in the order of the runs; nothing fits one of which a run is missing or has not
    /// ended well.
    public SequencedMap<Subject, TableFit> fits() {
        SequencedMap<Subject, Map<ScalePoint, Long>> measured = new LinkedHashMap<>();
        for (Run run : runs) {
            if (run.problem().isEmpty()) {
                measured.computeIfAbsent(run.subject(), subject -> new LinkedHashMap<>())
                        .put(run.point(), run.regionTableBytes());
            }
        }
        SequencedMap<Subject, TableFit> fits = new LinkedHashMap<>();
        measured.forEach((subject, bytes) -> {
            if (bytes.keySet().containsAll(points)) {
                fits.put(subject, TableFit.of(bytes, target));
            }
        });
        return fits;
    }

    /// Returns the runs of a subject.
    public List<Run> runsOf(Subject subject) {
        return runs.stream().filter(run -> run.subject().equals(subject)).toList();
    }

    /// Returns the residual that is furthest from 0 at any size that a fit is meant for, in bytes.
    public long largestResidual(Subject subject, TableFit fit) {
        return runsOf(subject).stream()
                .filter(run -> fit.covers(run.point()))
                .map(run -> fit.formula().residual(run.point(), run.regionTableBytes()))
                .max(Comparator.comparingLong(Math::abs))
                .orElse(0L);
    }

    /// Returns whether every program ended well.
    public boolean succeeded() {
        return runs.stream().allMatch(run -> run.problem().isEmpty());
    }
}
