package sharewalk.assembly;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An assembly text sorted by section: first the lines of `.text` and `.rodata`, then those of every other section,
/// without the directives that name sections, which Keystone does not survive, and without those that make a symbol
/// global: Keystone leaves its address to a linker, and there is none.
record SectionedSource(List<Line> text, List<Line> data) {
    private static final Pattern SECTION = Pattern.compile("\\s*\\.(text|data|bss|section)\\b[ \\t]*([^\\s,#;/]*).*");
    private static final Pattern GLOBAL = Pattern.compile("\\s*\\.globa?l\\b[^;]*");
    private static final Pattern LABEL = Pattern.compile("\\s*([A-Za-z_.$][\\w.$]*)\\s*:.*");
    private static final String DATA = "__sharewalk_data";
    private static final String START = "_start";

    SectionedSource {
        text = List.copyOf(text);
        data = List.copyOf(data);
    }

    /// A line of the file with its number, from 1.
    record Line(int number, String content) {
        /// Returns the definition of the label the line begins with, or an empty line.
        String labelOnly() {
            Matcher label = LABEL.matcher(content);
            return label.matches() ? label.group(1) + ":" : "";
        }
    }

    static SectionedSource of(String source) {
        List<Line> text = new ArrayList<>();
        List<Line> data = new ArrayList<>();
        List<Line> section = text;
        int number = 0;
        for (String content : source.lines().toList()) {
            number++;
            Matcher directive = SECTION.matcher(content);
            if (directive.matches()) {
                section = isText(directive) ? text : data;
            } else if (!GLOBAL.matcher(content).matches()) {
                section.add(new Line(number, content));
            }
        }
        return new SectionedSource(text, data);
    }

    private static boolean isText(Matcher directive) {
        String name = directive.group(1).equals("section") ? directive.group(2) : "." + directive.group(1);
        return name.startsWith(".text") || name.startsWith(".rodata");
    }

    /// Returns whether no line belongs to `.text`.
    boolean isTextEmpty() {
        return text.stream().allMatch(line -> line.content().isBlank());
    }

    /// Returns all lines in the order in which they are assembled.
    List<Line> lines() {
        List<Line> lines = new ArrayList<>(text);
        lines.addAll(data);
        return lines;
    }

    /// Returns the one text to assemble; it ends with the addresses of the entry and of the data.
    String flat() {
        String entry = definesStart() ? START : "__sharewalk_text";
        return "__sharewalk_text:\n" + join(text) + (data.isEmpty() ? "" : ".balign 4096\n") + DATA + ":\n" + join(data)
                + ".quad " + entry + "\n.quad " + DATA + "\n";
    }

    private boolean definesStart() {
        return text.stream().anyMatch(line -> line.labelOnly().equals(START + ":"));
    }

    private static String join(List<Line> lines) {
        return lines.stream().map(line -> line.content() + "\n").collect(Collectors.joining());
    }
}
