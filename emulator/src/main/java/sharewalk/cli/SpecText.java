package sharewalk.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.ScalePoint;
import sharewalk.experiment.SharewalkVersion;
import sharewalk.yaml.YamlFileException;
import tools.jackson.databind.json.JsonMapper;

/// A comparison written down, so that [SpecFile] reads the same again.
final class SpecText {
    private SpecText() {}

    /// Returns the text.
    static String of(ComparisonSpec spec) {
        StringBuilder text =
                new StringBuilder("# Saved by Sharewalk %s. Makes it again: sharewalk compare --spec FILE\n"
                        .formatted(SharewalkVersion.TEXT));
        text.append("%s: %d\n".formatted(SpecFile.FORMAT_KEY, SpecFile.FORMAT));
        text.append("program: ").append(list(spec.program())).append('\n');
        if (!spec.programDigest().isEmpty()) {
            text.append("program-sha256: ").append(quoted(spec.programDigest())).append('\n');
        }
        text.append("designs: ").append(list(spec.designs())).append('\n');
        sizes(text, spec);
        if (!spec.isa().isEmpty()) {
            text.append("isa: ").append(spec.isa()).append('\n');
        }
        text.append("machines:\n");
        spec.machines().forEach(machine -> machine(text, machine));
        if (!spec.options().isEmpty()) {
            text.append("options:\n");
            for (Map.Entry<String, List<String>> option : spec.options().entrySet()) {
                text.append("  %s: %s\n".formatted(option.getKey(), listOrOne(option.getValue())));
            }
        }
        return checked(text.toString(), spec);
    }

    private static void sizes(StringBuilder text, ComparisonSpec spec) {
        @Nullable ScalePoint target = spec.target();
        if (target == null) {
            String counts = spec.points().stream()
                    .map(point -> Integer.toString(point.processes()))
                    .collect(Collectors.joining(", "));
            text.append("processes: [%s]\n".formatted(counts));
            return;
        }
        String live = spec.points().stream().map(ScalePoint::toString).collect(Collectors.joining(", "));
        text.append("scale:\n  live: [%s]\n  target: %s\n".formatted(live, target));
    }

    private static void machine(StringBuilder text, ChosenMachine machine) {
        @Nullable String profile = machine.text();
        if (profile == null) {
            text.append("  - ").append(quoted(machine.word())).append('\n');
            return;
        }
        text.append("  - file: ").append(quoted(machine.word())).append("\n    text: |\n");
        profile.lines()
                .forEach(line ->
                        text.append(line.isBlank() ? "" : "      " + line).append('\n'));
    }

    private static String listOrOne(List<String> words) {
        return words.size() == 1 ? quoted(words.getFirst()) : list(words);
    }

    private static String list(List<String> words) {
        return words.stream().map(SpecText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /// A string of JSON is one of YAML.
    private static String quoted(String word) {
        return JsonMapper.shared().writeValueAsString(word);
    }

    /// A word that does not come back as it was, such as one with a line's end in it, cannot be saved.
    private static String checked(String text, ComparisonSpec spec) {
        RuntimeException problem;
        try {
            if (withoutText(SpecFile.parse("the comparison", text)).equals(withoutText(spec))) {
                return text;
            }
            problem = CommandFailure.failed("a word begins or ends with a space");
        } catch (YamlFileException e) {
            problem = e;
        }
        throw CommandFailure.failed("The comparison cannot be saved: " + problem.getMessage());
    }

    /// A profile's text may lose spaces at the ends of lines.
    private static ComparisonSpec withoutText(ComparisonSpec spec) {
        return spec.withMachines(spec.machines().stream()
                .map(machine -> new ChosenMachine(machine.word(), null))
                .toList());
    }
}
