package sharewalk.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// A reader of the part of YAML that people need: sections, lists and words. Anchors, aliases, tags and second
/// documents are refused, and nesting is limited, so that no small file becomes a large one.
final class YamlDocument {
    private static final int DEEPEST = 12;
    private static final YAMLFactory FACTORY = new YAMLFactory();

    private final YamlFile file;
    private final YAMLParser parser;
    private final int[] codePoints;

    private YamlDocument(YamlFile file, YAMLParser parser, String text) {
        this.file = file;
        this.parser = parser;
        this.codePoints = text.codePoints().toArray();
    }

    /// Returns the document in `text`, which must be a section.
    ///
    /// @throws YamlFileException if there is none
    static YamlNode.Section parse(YamlFile file, String text) {
        try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new YamlDocument(file, parser, text).whole();
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            String line = location == null || location.getLineNr() < 1 ? "" : ", line " + location.getLineNr();
            throw new YamlFileException("%s%s: %s.".formatted(file.name(), line, problem(e)));
        }
    }

    private YamlNode.Section whole() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new YamlFileException("%s: this is no %s: it has no keys.".formatted(file.name(), file.noun()));
        }
        YamlNode.Section section = section(1);
        if (parser.nextToken() != null) {
            throw failure("a " + file.noun() + " is one document, and here begins another");
        }
        return section;
    }

    private YamlNode node(int depth) {
        if (depth > DEEPEST) {
            throw failure("nested deeper than " + DEEPEST + " levels");
        }
        JsonToken token = parser.currentToken();
        refuseReferences();
        if (token == JsonToken.START_OBJECT) {
            return section(depth);
        }
        return token == JsonToken.START_ARRAY ? items(depth) : new YamlNode.Text(text(), line());
    }

    private YamlNode.Section section(int depth) {
        int line = line();
        SequencedMap<String, YamlNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            refuseReferences();
            if (entries.containsKey(key)) {
                throw failure("the key '" + Excerpt.of(key) + "' is there twice");
            }
            JsonToken ignored = parser.nextToken();
            entries.put(key, node(depth + 1));
        }
        return new YamlNode.Section(entries, line);
    }

    private YamlNode.Items items(int depth) {
        int line = line();
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(depth + 1));
        }
        return new YamlNode.Items(items, line);
    }

    private String text() {
        @Nullable String text = parser.getString();
        return text == null ? "" : text.strip();
    }

    private void refuseReferences() {
        if (parser.isCurrentAlias()
                || parser.getObjectId() != null
                || parser.getTypeId() != null
                || beginsWithReference()) {
            throw failure("anchors (&), aliases (*) and tags (!) are not used in a " + file.noun());
        }
    }

    /// The parser does not tell every anchor of a word or a key, but begins the token with it. Its offsets count code
    /// points, and plain words begin with none of these.
    private boolean beginsWithReference() {
        long offset = parser.currentTokenLocation().getCharOffset();
        return offset >= 0 && offset < codePoints.length && "&*!".indexOf(codePoints[(int) offset]) >= 0;
    }

    private YamlFileException failure(String what) {
        return new YamlFileException("%s, line %d: %s.".formatted(file.name(), line(), what));
    }

    private int line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    /// The parser's message has the problem in its last line that is neither a place nor an excerpt; both are indented.
    private static String problem(JacksonException failure) {
        String text = "not YAML";
        @Nullable String message = failure.getOriginalMessage();
        for (String line : message == null ? List.<String>of() : message.lines().toList()) {
            if (!line.isBlank() && !line.startsWith(" ")) {
                text = line;
            }
        }
        return Excerpt.of(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
    }
}
