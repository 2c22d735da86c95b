package sharewalk.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A section being read: every key asked for must be there, every key there must be known.
public final class YamlSection {
    private final YamlFile file;
    private final String path;
    private final YamlNode.Section section;

    private YamlSection(YamlFile file, String path, YamlNode.Section section, List<String> known) {
        this.file = file;
        this.path = path;
        this.section = section;
        section.entries().forEach((key, node) -> {
            if (!known.contains(key)) {
                throw file.failure(
                        node.line(),
                        full(Excerpt.of(key)),
                        "there is no such key; here are " + String.join(", ", known));
            }
        });
    }

    /// Returns a reader of a whole document.
    ///
    /// @param known the keys that may be there
    /// @throws YamlFileException if there is another key
    public static YamlSection ofDocument(YamlFile file, String text, List<String> known) {
        return new YamlSection(file, "", YamlDocument.parse(file, text), known);
    }

    /// Returns the keys that are there, in the order of the file.
    public Set<String> keys() {
        return section.entries().sequencedKeySet();
    }

    /// Returns whether a key is there.
    public boolean has(String key) {
        return section.entries().containsKey(key);
    }

    /// Returns what stands under a key.
    public YamlNode node(String key) {
        @Nullable YamlNode node = section.entries().get(key);
        if (node == null) {
            throw file.failure(section.line(), full(key), "this key is missing");
        }
        return node;
    }

    /// Returns a word or a sentence.
    public String text(String key) {
        return single(full(key), node(key), false);
    }

    /// Returns a text that may have several lines.
    public String prose(String key) {
        return single(full(key), node(key), true);
    }

    /// Returns what a word means.
    public <T> T word(String key, Function<String, T> meaning) {
        return meant(full(key), node(key).line(), text(key), meaning);
    }

    /// Returns a whole number.
    public int number(String key, int least, int most) {
        return word(key, text -> inRange(text, least, most));
    }

    /// Returns what the words of a list mean, of which there is at least one; a single word is a list of one.
    public <T> List<T> words(String key, Function<String, T> meaning) {
        List<T> meanings = new ArrayList<>();
        for (YamlNode ignored : items(key)) {
            meanings.add(word(key, meanings.size(), meaning));
        }
        return meanings;
    }

    /// Returns what a word of a list means.
    public <T> T word(String key, int index, Function<String, T> meaning) {
        YamlNode item = items(key).get(index);
        String name = itemName(key, index);
        return meant(name, item.line(), single(name, item, false), meaning);
    }

    /// Returns what stands in a list, at least one item; a single value is a list of one.
    public List<YamlNode> items(String key) {
        YamlNode node = node(key);
        List<YamlNode> found = node instanceof YamlNode.Items(List<YamlNode> items, int _) ? items : List.of(node);
        if (found.isEmpty()) {
            throw file.failure(node.line(), full(key), "there is nothing in it");
        }
        return found;
    }

    /// Returns a section.
    public YamlSection section(String key, List<String> known) {
        return asSection(full(key), node(key), known);
    }

    /// Returns an item of a list as a section.
    public YamlSection section(String key, int index, List<String> known) {
        return asSection(itemName(key, index), items(key).get(index), known);
    }

    /// Returns the sections of a list.
    public List<YamlSection> sections(String key, List<String> known) {
        YamlNode node = node(key);
        if (!(node instanceof YamlNode.Items(List<YamlNode> items, int _))) {
            throw file.failure(node.line(), full(key), "this must be a list, not " + node.kind());
        }
        List<YamlSection> sections = new ArrayList<>();
        for (YamlNode item : items) {
            sections.add(asSection(itemName(key, sections.size()), item, known));
        }
        return sections;
    }

    /// Runs what may refuse the values of this section taken together.
    public <T> T checked(Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw file.failure(section.line(), path, String.valueOf(e.getMessage()));
        }
    }

    /// Returns the failure of what stands under a key, or of the section for an empty key.
    public YamlFileException failure(String key, String problem) {
        @Nullable YamlNode node = section.entries().get(key);
        return file.failure((node == null ? section : node).line(), full(key), problem);
    }

    /// Returns a key with the sections it is in.
    public String full(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    private String itemName(String key, int index) {
        return node(key) instanceof YamlNode.Items ? "%s[%d]".formatted(full(key), index) : full(key);
    }

    private YamlSection asSection(String fullKey, YamlNode node, List<String> known) {
        if (node instanceof YamlNode.Section inner) {
            return new YamlSection(file, fullKey, inner, known);
        }
        throw file.failure(node.line(), fullKey, "this must be a section with keys, not " + node.kind());
    }

    private String single(String fullKey, YamlNode node, boolean prose) {
        if (!(node instanceof YamlNode.Text(String text, int line))) {
            throw file.failure(node.line(), fullKey, "this must be a single value, not " + node.kind());
        }
        if (text.isEmpty()) {
            throw file.failure(line, fullKey, "there is no value");
        }
        if ((prose ? text.replace("\n", "") : text).codePoints().anyMatch(YamlSection::isControl)) {
            throw file.failure(line, fullKey, "control characters have no place in a " + file.noun());
        }
        return text;
    }

    private <T> T meant(String fullKey, int line, String text, Function<String, T> meaning) {
        try {
            return meaning.apply(text);
        } catch (IllegalArgumentException e) {
            throw file.failure(line, fullKey, String.valueOf(e.getMessage()));
        }
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

    /// Returns a whole number, of digits alone.
    ///
    /// @throws IllegalArgumentException with a phrase, if it is none or not in the range
    public static int inRange(String text, int least, int most) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "'%s' is not a whole number from %d to %d".formatted(Excerpt.of(text), least, most));
        }
        return Integer.parseInt(text);
    }
}
