package sharewalk.yaml;

import java.util.List;
import java.util.SequencedMap;

/// A part of a YAML document, and the line it begins in.
public sealed interface YamlNode {
    /// Returns the line, the first being 1.
    int line();

    /// Returns what it is, for messages.
    String kind();

    /// A word or a sentence, whatever YAML makes of it.
    record Text(String text, int line) implements YamlNode {
        @Override
        public String kind() {
            return "a single value";
        }
    }

    /// A list.
    record Items(List<YamlNode> items, int line) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /// Keys with a node each, in the order of the file.
    record Section(SequencedMap<String, YamlNode> entries, int line) implements YamlNode {
        @Override
        public String kind() {
            return "a section with keys";
        }
    }
}
