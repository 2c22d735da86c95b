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
import sharewalk.experiment.Ending;
import sharewalk.experiment.Metric;
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

    private static List<String> keysOf(Map<?, ?> object) {
        return object.keySet().stream().map(String::valueOf).toList();
    }
}
