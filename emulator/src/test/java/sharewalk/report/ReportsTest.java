package sharewalk.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.Ending;
import sharewalk.experiment.Metric;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.ScalePoint;
import sharewalk.experiment.ScaleStudy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each report of a known result, whole.
final class ReportsTest {
    private static final Ending WELL = new Ending.Exited(0);

    @Test
    void textReport_showsEveryFigureByProcessPhaseAndMapping() {
        Golden.check("run.txt", TextReport.render(Results.run("private", WELL)));
    }

    @Test
    void jsonReport_keepsItsSchema() {
        Golden.check("run.json", JsonReport.render(Results.run("private", WELL)));
    }

    @Test
    void jsonReport_hasTheSameKeysInTheSameOrderEverywhere() {
        JsonNode json = JsonMapper.shared().readTree(JsonReport.render(Results.run("private", WELL)));
        List<String> expected = Arrays.stream(Metric.values()).map(Metric::key).toList();

        assertThat(json.get("totals").propertyNames()).containsExactlyElementsOf(expected);
        for (String list : List.of("phases", "mappings", "processes")) {
            assertThat(json.get(list).get(0).propertyNames())
                    .as(list)
                    .filteredOn(key -> expected.contains(key))
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void jsonReport_namesNoPlaceOnTheHost() {
        assertThat(JsonReport.render(Results.run("private", WELL))).doesNotContain("/host/");
    }

    @Test
    void jsonReport_tellsHowARunFailed() {
        JsonNode json = JsonMapper.shared()
                .readTree(JsonReport.render(Results.run("private", new Ending.Failed("Guest memory is used up."))));

        assertThat(json.get("exit").get("kind").asString()).isEqualTo("failed");
        assertThat(json.get("exit").get("reason").asString()).isEqualTo("Guest memory is used up.");
        assertThat(json.get("totals").get("walks").asLong()).isPositive();
    }

    @Test
    void comparison_showsTheDesignsSideBySide() {
        Golden.check("compare.txt", ComparisonReport.render(comparison("checksum 1 ok\n")));
        Golden.check("compare.csv", ComparisonReport.csv(comparison("checksum 1 ok\n")));
    }

    @Test
    void comparison_tellsWhenTheOutputDiffers() {
        Comparison comparison = comparison("checksum 2 ok\n");

        assertThat(comparison.succeeded()).isFalse();
        assertThat(ComparisonReport.csv(comparison)).endsWith(",output differs\n");
    }

    @Test
    void comparison_failsWithAProgram() {
        List<Comparison.Row> rows =
                new ArrayList<>(comparison("checksum 1 ok\n").rows());
        rows.add(new Comparison.Row("x86_64", 1, "private", Results.run("private", new Ending.Exited(1)), ""));

        Comparison comparison = new Comparison("p", "private", rows);

        assertThat(comparison.succeeded()).isFalse();
        assertThat(ComparisonReport.csv(comparison)).endsWith(",exit status 1\n");
    }

    @Test
    void comparisonJson_holdsTheWholeReportOfEachRun() {
        JsonNode json = JsonMapper.shared().readTree(ComparisonReport.json(comparison("checksum 1 ok\n")));

        assertThat(json.get("rows").size()).isEqualTo(2);
        assertThat(json.get("rows").get(1).get("design").asString()).isEqualTo("msharefs");
        assertThat(json.get("rows").get(1).get("run").get("schema").asString()).isEqualTo(JsonReport.SCHEMA);
    }

    @Test
    void rowWhoseBaseWasNotFinished_isMeasuredAgainstNothing() {
        Comparison whole = comparison("another\n");
        Comparison cut = new Comparison("p", "private", whole.rows().subList(1, 2));

        assertThat(cut.baseOf(cut.rows().getFirst())).isEmpty();
        assertThat(cut.succeeded()).isTrue();
        assertThat(ComparisonReport.csv(cut)).endsWith(",ok\n");
    }

    @Test
    void brokenRun_isARowThatSaysSo() {
        List<Comparison.Row> rows =
                new ArrayList<>(comparison("checksum 1 ok\n").rows());
        RunResult broken = RunResult.broken(rows.getFirst().result().spec(), "a defect");
        rows.set(0, new Comparison.Row("riscv64", 2, "private", broken, ""));
        Comparison comparison = new Comparison("p", "private", rows);

        assertThat(ComparisonReport.render(comparison)).contains("stopped by a defect of Sharewalk: a defect");
        assertThat(ComparisonReport.csv(comparison)).endsWith(",ok\n");
        assertThat(ComparisonReport.json(comparison)).contains("\"broken\"");
    }

    @Test
    void studyWithMissingRuns_hasFormulasOnlyOfWhatIsWhole() {
        List<ScalePoint> points = List.of(ScalePoint.parse("1x2M"), ScalePoint.parse("2x2M"));
        ScalePoint target = ScalePoint.parse("1500x300G");
        List<ScaleStudy.Run> runs = List.of(
                scaleRun("private", points.get(0), ""),
                scaleRun("private", points.get(1), ""),
                scaleRun("msharefs", points.get(0), ""),
                scaleRun("thp", points.get(0), ""),
                scaleRun("thp", points.get(1), "stopped by a defect"));

        ScaleStudy study = new ScaleStudy("p", target, points, runs);

        assertThat(study.fits().sequencedKeySet())
                .extracting(ScaleStudy.Subject::design)
                .containsExactly("private");
        assertThat(ScaleReport.render(study)).contains("msharefs", "stopped by a defect");
        assertThat(ScaleReport.csv(study).lines()).hasSize(1 + 5 + 1);
        JsonNode subjects =
                JsonMapper.shared().readTree(ScaleReport.json(study)).get("subjects");
        assertThat(subjects.size()).isEqualTo(3);
        assertThat(subjects.get(0).has("formula")).isTrue();
        assertThat(subjects.get(1).has("formula")).isFalse();
    }

    @Test
    void studyWithoutAWholeSubject_stillShowsWhatWasMeasured() {
        List<ScalePoint> points = List.of(ScalePoint.parse("1x2M"), ScalePoint.parse("2x2M"));
        ScaleStudy study = new ScaleStudy(
                "p", ScalePoint.parse("1500x300G"), points, List.of(scaleRun("private", points.getFirst(), "")));

        assertThat(ScaleReport.render(study)).contains("Measured", "private");
        assertThat(study.fits()).isEmpty();
    }

    private static ScaleStudy.Run scaleRun(String design, ScalePoint point, String problem) {
        ScaleStudy.Subject subject = new ScaleStudy.Subject("riscv64", "default", design, "mainline");
        return new ScaleStudy.Run(subject, point, 4096L * point.processes(), 8192, 1, 0, problem);
    }

    private static Comparison comparison(String secondOutput) {
        return new Comparison(
                "shared-buffer --processes {N}",
                "private",
                List.of(
                        new Comparison.Row("riscv64", 2, "private", Results.run("private", WELL), "checksum 1 ok\n"),
                        new Comparison.Row("riscv64", 2, "msharefs", Results.run("msharefs", WELL), secondOutput)));
    }
}
