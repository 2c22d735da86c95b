package sharewalk.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.Ending;
import sharewalk.experiment.Metric;
import sharewalk.experiment.ScalePoint;
import sharewalk.experiment.ScaleStudy;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.Machines;

/// The README defines every figure of a report and describes every key of the JSON file.
final class ReadmeTest {
    private static final Path README = Path.of("../README.md");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9]+)`");

    @Test
    void figures_areDefinedInTheirOrder() throws IOException {
        List<String> defined = Files.readAllLines(README).stream()
                .dropWhile(line -> !line.startsWith("| figure | definition |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> NAME.matcher(line.split("\\|", 3)[1]).results().map(found -> found.group(1)))
                .toList();
        assertThat(defined)
                .containsExactlyElementsOf(
                        Stream.of(Metric.values()).map(Metric::key).toList());
    }

    @Test
    void jsonKeys_areDescribedInTheirOrder() throws IOException {
        String description = Files.readAllLines(README).stream()
                .filter(line -> line.startsWith("**JSON**"))
                .findFirst()
                .orElseThrow();
        List<String> described = NAME.matcher(description)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        Map<String, Object> document = JsonReport.document(Results.run("private", new Ending.Exited(0)));
        List<String> keys = new ArrayList<>(document.keySet());

        assertThat(described).containsSubsequence(keys);
        assertThat(document.get("machine"))
                .isInstanceOfSatisfying(
                        Map.class, machine -> assertThat(described).containsSubsequence(keysOf(machine)));
    }

    @Test
    void machines_areListedAsTheyAreShipped() throws IOException {
        List<String> listed = Files.readAllLines(README).stream()
                .dropWhile(line -> !line.startsWith("| machine | ISA |"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(listed).containsExactlyElementsOf(MachineList.markdown(Machines.all()));
    }

    @Test
    void designs_areListedAsTheyAre() throws IOException {
        List<String> listed = Files.readAllLines(README).stream()
                .dropWhile(line -> !line.startsWith("| design | kind |"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(listed).isEqualTo(DesignList.markdown(Designs.all()));
    }

    @Test
    void firstTableAndPicture_fitIntoAMail_andNameTheKindOfEachDesign() throws IOException {
        List<String> block = Files.readAllLines(README).stream()
                .dropWhile(line -> !line.startsWith("<!-- oracle"))
                .skip(2)
                .takeWhile(line -> !line.startsWith("```"))
                .toList();
        assertThat(block)
                .hasSizeGreaterThan(20)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(72));
        List<String> rows = block.stream()
                .dropWhile(line -> !line.startsWith("---"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .toList();
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            String[] words = row.split(" +", -1);
            assertThat(Designs.named(words[0]).orElseThrow().kind().word()).isEqualTo(words[1]);
        });
    }

    @Test
    void columnsOfAComparison_areDescribedInTheirOrder() throws IOException {
        Comparison comparison = new Comparison("p", "private", List.of());
        assertThat(namesInLine("**CSV.**")).containsSubsequence(columns(ComparisonReport.csv(comparison)));
        ScaleStudy study = new ScaleStudy("p", ScalePoint.parse("1x2M"), List.of(), List.of());
        assertThat(namesInLine("`--csv` has a line for each run")).containsSubsequence(columns(ScaleReport.csv(study)));
    }

    private static List<String> columns(String csv) {
        return List.of(csv.lines().findFirst().orElseThrow().split(","));
    }

    private static List<String> namesInLine(String beginning) throws IOException {
        String line = Files.readAllLines(README).stream()
                .filter(each -> each.startsWith(beginning))
                .findFirst()
                .orElseThrow();
        return NAME.matcher(line).results().map(found -> found.group(1)).toList();
    }

    private static List<String> keysOf(Map<?, ?> object) {
        return object.keySet().stream().map(String::valueOf).toList();
    }
}
