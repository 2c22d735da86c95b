package sharewalk.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sharewalk.yaml.Excerpt;
import sharewalk.yaml.YamlFile;
import sharewalk.yaml.YamlFileException;
import sharewalk.yaml.YamlNode;
import sharewalk.yaml.YamlSection;

/// A section of a profile being read: its figures have sources or are guesses.
final class SectionReader {
    private static final String VALUE = "value";
    private static final String SOURCE = "source";
    private static final String GUESS = "guess";
    private static final List<String> FIGURE_KEYS = List.of(VALUE, SOURCE, GUESS);

    private final Reading reading;
    private final YamlSection section;

    /// What is common to all sections of a file.
    ///
    /// @param sourcesRequired whether a figure must have a source or be marked a guess
    /// @param figures where figures are listed, in the order they are read
    record Reading(YamlFile file, boolean sourcesRequired, List<Figure> figures) {}

    private SectionReader(Reading reading, YamlSection section) {
        this.reading = reading;
        this.section = section;
    }

    /// Returns a reader of a whole document.
    static SectionReader ofDocument(Reading reading, String text, List<String> known) {
        return new SectionReader(reading, YamlSection.ofDocument(reading.file(), text, known));
    }

    /// Returns whether a key is there.
    boolean has(String key) {
        return section.has(key);
    }

    /// Returns a word or a sentence.
    String text(String key) {
        return section.text(key);
    }

    /// Returns a text that may have several lines.
    String prose(String key) {
        return section.prose(key);
    }

    /// Returns what a word means.
    <T> T word(String key, Function<String, T> meaning) {
        return section.word(key, meaning);
    }

    /// Returns a section.
    SectionReader section(String key, List<String> known) {
        return new SectionReader(reading, section.section(key, known));
    }

    /// Returns the sections of a list.
    List<SectionReader> sections(String key, List<String> known) {
        return section.sections(key, known).stream()
                .map(each -> new SectionReader(reading, each))
                .toList();
    }

    /// Returns a figure's value and lists the figure. It is written as a section of `value` and `source` or `guess`,
    /// or, where sources are not required, as the bare value.
    <T> T figure(String key, Function<String, T> meaning) {
        YamlNode node = section.node(key);
        if (node instanceof YamlNode.Text && !reading.sourcesRequired) {
            reading.figures.add(new Figure(section.full(key), text(key), Figure.NO_SOURCE, true));
            return word(key, meaning);
        }
        if (node instanceof YamlNode.Text) {
            throw withoutBasis(key);
        }
        SectionReader figure = section(key, FIGURE_KEYS);
        T value = figure.word(VALUE, meaning);
        reading.figures.add(figure.listed(figure.text(VALUE)));
        return value;
    }

    /// Returns a figure that is a number.
    int number(String key, int least, int most) {
        return figure(key, text -> YamlSection.inRange(text, least, most));
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
        List<Integer> numbers =
                names.stream().map(name -> figure.section.number(name, 0, most)).toList();
        reading.figures.add(figure.listed(numbers.stream().map(String::valueOf).collect(Collectors.joining(" / "))));
        return numbers;
    }

    /// Returns the figure listed last.
    Figure lastFigure() {
        return reading.figures.getLast();
    }

    /// Runs what may refuse the values of this section taken together.
    <T> T checked(Supplier<T> make) {
        return section.checked(make);
    }

    private Figure listed(String value) {
        String key = section.full("");
        if (has(GUESS)) {
            return new Figure(key, value, text(GUESS) + (has(SOURCE) ? " (" + text(SOURCE) + ")" : ""), true);
        }
        if (has(SOURCE)) {
            return new Figure(key, value, text(SOURCE), false);
        }
        if (reading.sourcesRequired) {
            throw withoutBasis("");
        }
        return new Figure(key, value, Figure.NO_SOURCE, true);
    }

    private YamlFileException withoutBasis(String key) {
        return section.failure(key, "a figure needs 'source:' and where it is from, or 'guess:' and why");
    }

    /// Returns the words of a value, which spaces or commas divide.
    static String[] words(String text) {
        return text.split(" *, *| +", -1);
    }
}
