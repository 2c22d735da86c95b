package sharewalk.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import sharewalk.experiment.ScalePoint;
import sharewalk.experiment.ScaleStudy;
import sharewalk.experiment.ScaleStudy.Run;
import sharewalk.experiment.ScaleStudy.Subject;
import sharewalk.experiment.TableFit;

/// What a study of scale comes to, for each instruction set and machine one table and one picture of plain text, at
/// most 72 columns wide, as it can be pasted into a mail.
final class ScaleSummary {
    private static final String LINE = "%-15s%-9s%9s%7s%13s%19s\n";
    private static final int BAR_WIDTH = 36;
    private static final int LEAST_EXPONENT = 20;
    private static final int MOST_EXPONENT = 40;
    private static final double KIB = 1 << 10;

    private final ScaleStudy study;
    private final ScalePoint live;
    private final StringBuilder text = new StringBuilder();

    /// Runs of one instruction set and machine.
    private record Place(String isa, String machine) {}

    private ScaleSummary(ScaleStudy study) {
        this.study = study;
        this.live = study.points().stream().max(ScalePoint::compareTo).orElseThrow();
    }

    /// Returns the summary of a study of at least one size; nothing of subjects that have no formula.
    static String of(ScaleStudy study) {
        ScaleSummary summary = new ScaleSummary(study);
        SequencedMap<Place, SequencedMap<Subject, TableFit>> places = new LinkedHashMap<>();
        study.fits()
                .forEach((subject, fit) -> places.computeIfAbsent(
                                new Place(subject.isa(), subject.machine()), place -> new LinkedHashMap<>())
                        .put(subject, fit));
        places.forEach(summary::add);
        return summary.text.toString();
    }

    private void add(Place place, Map<Subject, TableFit> fits) {
        ScalePoint target = study.target();
        line("Page tables of a region that %,d processes share".formatted(target.processes()));
        line("(%s, machine: %s)".formatted(place.isa(), place.machine()));
        line("");
        text.append(
                LINE.formatted("", "", "measured:", "", live.processes() + " x " + live.sizeText(), "extrapolated:"));
        text.append(LINE.formatted("design", "kind", "faults", "links", "tables", "tables, " + target.sizeText()));
        line("-".repeat(72));
        fits.forEach((subject, fit) -> {
            Run run = runAt(subject);
            text.append(LINE.formatted(
                    subject.design(),
                    subject.kind(),
                    Figures.count(run.minorFaults()),
                    Figures.count(run.linkFaults()),
                    size(run.regionTableBytes()),
                    size(fit.formula().bytes(target)) + (study.largestResidual(subject, fit) == 0 ? "" : "~")));
        });
        line("");
        line("faults: minor faults in the region, one page touched in each 2 MiB");
        line("links:  faults that attached a shared table");
        line("");
        picture(fits);
        line("");
    }

    private void picture(Map<Subject, TableFit> fits) {
        ScalePoint target = study.target();
        line("Page tables at %,d x %s, logarithmic".formatted(target.processes(), target.sizeText()));
        line("");
        fits.forEach((subject, fit) -> {
            long bytes = fit.formula().bytes(target);
            String name = subject.kind().equals("proposal") ? subject.design() + " (proposal)" : subject.design();
            text.append("%-24s%-36s%12s\n".formatted(name, "#".repeat(length(bytes)), size(bytes)));
        });
        line(" ".repeat(24) + "|1 MiB   |32 MiB  |1 GiB   |32 GiB  |1 TiB");
    }

    /// Nine signs stand for a factor of 32.
    private static int length(long bytes) {
        double exponent = StrictMath.log((double) Math.max(1, bytes)) / StrictMath.log(2);
        double share = (exponent - LEAST_EXPONENT) / (MOST_EXPONENT - LEAST_EXPONENT);
        return Math.clamp(Math.round(BAR_WIDTH * share), 1, BAR_WIDTH);
    }

    private Run runAt(Subject subject) {
        return study.runs().stream()
                .filter(run -> run.subject().equals(subject) && run.point().equals(live))
                .findFirst()
                .orElseThrow();
    }

    /// Returns a size of some four digits.
    static String size(long bytes) {
        double number = bytes / KIB;
        for (String unit : List.of("KiB", "MiB", "GiB")) {
            if (number < 1000 || unit.equals("GiB")) {
                return String.format(Locale.ROOT, "%,.1f %s", number, unit);
            }
            number /= KIB;
        }
        throw new IllegalStateException();
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
