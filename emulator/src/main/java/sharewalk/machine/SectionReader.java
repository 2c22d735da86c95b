package sharewalk.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A section of a profile being read: every key asked for must be there, every key there must be known.
final class SectionReader {
    private static final String VALUE = "value";
    private static final String SOURCE = "source";
    private static final String GUESS = "guess";
    /// The one key whose value may have several lines.
    private static final String PROSE = "description";
    private static final List<String> FIGURE_KEYS = List.of(VALUE, SOURCE, GUESS);

    private final Reading reading;
    private final String path;
    private final YamlNode.Section section;

    /// What is common to all sections of a file.
    ///
    /// @param sourcesRequired whether a figure must have a source or be marked a guess
    /// @param figures where figures are listed, in the order they are read
    record Reading(String file, boolean sourcesRequired, List<Figure> figures) {
        MachineFileException failure(int line, String key, String problem) {
            return new MachineFileException("%s, line %d: %s: %s.".formatted(file, line, key, problem));
        }
    }

    /// @param known the keys that may be there
    /// @throws MachineFileException if there is another key
    private SectionReader(Reading reading, String path, YamlNode.Section section, List<String> known) {
        this.reading = reading;
        this.path = path;
        this.section = section;
        section.entries().forEach((key, node) -> {
            if (!known.contains(key)) {
                throw reading.failure(
                        node.line(),
                        full(Excerpt.of(key)),
                        "there is no such key; here are " + String.join(", ", known));
            }
        });
    }

    /// Returns a reader of a whole document.
    static SectionReader ofDocument(Reading reading, YamlNode.Section document, List<String> known) {
        return new SectionReader(reading, "", document, known);
    }

    /// Returns whether a key is there.
    boolean has(String key) {
        return section.entries().containsKey(key);
    }

    /// Returns a word or a sentence.
    String text(String key) {
        return text(key, node(key));
    }

    /// Returns what a word means.
    <T> T word(String key, Function<String, T> meaning) {
        return meant(full(key), node(key).line(), text(key), meaning);
    }

    /// Returns a section.
    SectionReader section(String key, List<String> known) {
        return asSection(full(key), node(key), known);
    }

    /// Returns the sections of a list.
    List<SectionReader> sections(String key, List<String> known) {
        YamlNode node = node(key);
        if (!(node instanceof YamlNode.Items(List<YamlNode> items, int _))) {
            throw reading.failure(node.line(), full(key), "this must be a list, not " + node.kind());
        }
        List<SectionReader> sections = new ArrayList<>();
        for (YamlNode item : items) {
            sections.add(asSection("%s[%d]".formatted(full(key), sections.size()), item, known));
        }
        return sections;
    }

    /// Returns a figure's value and lists the figure. It is written as a section of `value` and `source` or `guess`,
    /// or, where sources are not required, as the bare value.
    <T> T figure(String key, Function<String, T> meaning) {
        YamlNode node = node(key);
        if (node instanceof YamlNode.Text(String text, int line) && !reading.sourcesRequired) {
            reading.figures.add(new Figure(full(key), text(key), Figure.NO_SOURCE, true));
            return meant(full(key), line, text, meaning);
        }
        if (node instanceof YamlNode.Text) {
            throw withoutBasis(key, node);
        }
        SectionReader figure = section(key, FIGURE_KEYS);
        T value = figure.word(VALUE, meaning);
        reading.figures.add(figure.listed(full(key), figure.text(VALUE)));
        return value;
    }

    /// Returns a figure that is a number.
    int number(String key, int least, int most) {
        return figure(key, text -> inRange(text, least, most));
    }

    /// Returns a figure that is yes or no.
    boolean decision(String key) {
        return figure(key, text -> switch (text) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("'%s' is neither yes nor no".formatted(Excerpt.of(text)));
        });
    }

    /// Returns a figure of several numbers, which stand beside its source, and lists it.
    List<Integer> numbers(String key, List<String> names, int most) {
        List<String> known = new ArrayList<>(names);
        known.addAll(List.of(SOURCE, GUESS));
        SectionReader figure = section(key, known);
        List<Integer> numbers = names.stream()
                .map(name -> figure.word(name, text -> inRange(text, 0, most)))
                .toList();
        reading.figures.add(
                figure.listed(full(key), numbers.stream().map(String::valueOf).collect(Collectors.joining(" / "))));
        return numbers;
    }

    /// Returns the figure listed last.
    Figure lastFigure() {
        return reading.figures.getLast();
    }

    /// Runs what may refuse the values of this section taken together.
    <T> T checked(Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw reading.failure(section.line(), path, String.valueOf(e.getMessage()));
        }
    }

    private Figure listed(String key, String value) {
        if (has(GUESS)) {
            return new Figure(key, value, text(GUESS) + (has(SOURCE) ? " (" + text(SOURCE) + ")" : ""), true);
        }
        if (has(SOURCE)) {
            return new Figure(key, value, text(SOURCE), false);
        }
        if (reading.sourcesRequired) {
            throw withoutBasis("", section);
        }
        return new Figure(key, value, Figure.NO_SOURCE, true);
    }

    private MachineFileException withoutBasis(String key, YamlNode node) {
        return reading.failure(
                node.line(), full(key), "a figure needs 'source:' and where it is from, or 'guess:' and why");
    }

    private SectionReader asSection(String fullKey, YamlNode node, List<String> known) {
        if (node instanceof YamlNode.Section inner) {
            return new SectionReader(reading, fullKey, inner, known);
        }
        throw reading.failure(node.line(), fullKey, "this must be a section with keys, not " + node.kind());
    }

    private YamlNode node(String key) {
        @Nullable YamlNode node = section.entries().get(key);
        if (node == null) {
            throw reading.failure(section.line(), full(key), "this key is missing");
        }
        return node;
    }

    private String text(String key, YamlNode node) {
        if (!(node instanceof YamlNode.Text(String text, int line))) {
            throw reading.failure(node.line(), full(key), "this must be a single value, not " + node.kind());
        }
        if (text.isEmpty()) {
            throw reading.failure(line, full(key), "there is no value");
        }
        if ((key.equals(PROSE) ? text.replace("\n", "") : text).codePoints().anyMatch(SectionReader::isControl)) {
            throw reading.failure(line, full(key), "control characters have no place in a profile");
        }
        return text;
    }

    private <T> T meant(String fullKey, int line, String text, Function<String, T> meaning) {
        try {
            return meaning.apply(text);
        } catch (IllegalArgumentException e) {
            throw reading.failure(line, fullKey, String.valueOf(e.getMessage()));
        }
    }

    private String full(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    /// Returns the words of a value, which spaces or commas divide.
    static String[] words(String text) {
        return text.split(" *, *| +", -1);
    }

    /// What could move a terminal's cursor, break a line or turn the direction of a text.
    private static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static int inRange(String text, int least, int most) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "'%s' is not a whole number from %d to %d".formatted(Excerpt.of(text), least, most));
        }
        return Integer.parseInt(text);
    }
}
