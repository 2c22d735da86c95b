package sharewalk.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.GuestIsa;
import sharewalk.experiment.ScalePoint;
import sharewalk.machine.Machines;
import sharewalk.yaml.YamlFile;
import sharewalk.yaml.YamlNode;
import sharewalk.yaml.YamlSection;

/// A comparison read from a file of YAML.
final class SpecFile {
    /// The shipped comparisons.
    static final List<String> PRESETS = List.of("oracle");

    /// The key that says what the file is, and the version of what follows.
    static final String FORMAT_KEY = "sharewalk-comparison";

    /// The only version there is.
    static final int FORMAT = 1;

    /// Stands for both instruction sets.
    static final String BOTH = "both";

    private static final String NOUN = "comparison";
    private static final List<String> KEYS = List.of(
            FORMAT_KEY, "program", "program-sha256", "designs", "processes", "scale", "isa", "machines", "options");

    private final YamlSection section;

    private SpecFile(YamlSection section) {
        this.section = section;
    }

    /// Returns the comparison in a user's file.
    ///
    /// @throws sharewalk.yaml.YamlFileException if there is none
    static ComparisonSpec read(Path file) {
        return parse(String.valueOf(file.getFileName()), YamlFile.textOf(file, NOUN));
    }

    /// Returns the shipped comparison of a name.
    static ComparisonSpec preset(String name) {
        if (!PRESETS.contains(name)) {
            throw CommandFailure.usage(
                    "There is no preset '%s'; there are %s.".formatted(name, String.join(", ", PRESETS)));
        }
        String resource = "/sharewalk/comparisons/" + name + ".yaml";
        try (@Nullable InputStream stream = SpecFile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("this build lacks " + resource);
            }
            return parse(name + ".yaml", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the comparison in a text.
    ///
    /// @param name of the file, for messages
    static ComparisonSpec parse(String name, String text) {
        return new SpecFile(YamlSection.ofDocument(new YamlFile(name, NOUN), text, KEYS)).spec();
    }

    private ComparisonSpec spec() {
        int format = section.number(FORMAT_KEY, 1, 999);
        if (format != FORMAT) {
            throw section.failure(FORMAT_KEY, "this version reads format %d, not %d".formatted(FORMAT, format));
        }
        if (section.has("processes") == section.has("scale")) {
            throw section.failure("processes, scale", "one of them must be there, and not both");
        }
        @Nullable YamlSection scale = section.has("scale") ? section.section("scale", List.of("live", "target")) : null;
        return new ComparisonSpec(
                section.words("program", text -> text),
                section.has("program-sha256") ? section.word("program-sha256", SpecFile::digest) : "",
                DesignOptions.texts(section.words("designs", SpecFile::design)),
                scale == null
                        ? ComparisonSpec.points(section.words("processes", SpecFile::processes))
                        : scale.words("live", SpecFile::live),
                scale == null ? null : scale.word("target", ScalePoint::parse),
                section.has("isa") ? section.word("isa", SpecFile::isa) : "",
                machines(),
                options());
    }

    private static String digest(String text) {
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("this is no SHA-256 in hexadecimal");
        }
        return text;
    }

    private static String design(String text) {
        var _ = phrased(() -> DesignOptions.texts(List.of(text)));
        return text;
    }

    private static int processes(String text) {
        return YamlSection.inRange(text, 1, ComparisonSpec.MOST_PROCESSES);
    }

    private static ScalePoint live(String text) {
        ScalePoint point = ScalePoint.parse(text);
        int ignored = processes(Integer.toString(point.processes()));
        return point;
    }

    private static String isa(String text) {
        if (!text.equals(BOTH)) {
            GuestIsa ignored = phrased(() -> MachineOptions.isa(text));
        }
        return text;
    }

    private List<ChosenMachine> machines() {
        List<ChosenMachine> machines = new ArrayList<>();
        for (YamlNode item : section.items("machines")) {
            int index = machines.size();
            machines.add(
                    item instanceof YamlNode.Section
                            ? machineInFile(section.section("machines", index, List.of("file", "text")))
                            : section.word("machines", index, SpecFile::shippedMachine));
        }
        return machines;
    }

    private static ChosenMachine shippedMachine(String name) {
        if (Machines.named(name).isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no machine '%s'; there are %s".formatted(name, String.join(", ", Machines.names())));
        }
        return new ChosenMachine(name, null);
    }

    private static ChosenMachine machineInFile(YamlSection machine) {
        return new ChosenMachine(machine.text("file"), machine.prose("text") + "\n");
    }

    private SequencedMap<String, List<String>> options() {
        SequencedMap<String, List<String>> options = new LinkedHashMap<>();
        if (section.has("options")) {
            YamlSection given = section.section("options", SpecOptions.names());
            for (String name : given.keys()) {
                options.put(name, given.words(name, text -> text));
                var _ = given.word(name, 0, text -> meaningOf(name, options.get(name)));
            }
        }
        return options;
    }

    private static SpecOptions.Meaning meaningOf(String name, @Nullable List<String> values) {
        SequencedMap<String, List<String>> one = new LinkedHashMap<>();
        one.put(name, values == null ? List.of() : values);
        return SpecOptions.meaning(one);
    }

    /// Returns what a part of the command line says, whose refusals are sentences of their own.
    private static <T> T phrased(Supplier<T> meaning) {
        try {
            return meaning.get();
        } catch (CommandFailure e) {
            String sentence = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(
                    sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence);
        }
    }
}
