package sharewalk.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.mm.SharingDesign.Variant;

/// The list of sharing designs, with what there is to know of each.
public final class DesignList {
    private static final int WIDTH = 100;
    private static final String INDENT = " ".repeat(14);

    private DesignList() {}

    /// Returns a paragraph for each design: kind, source, opt-in, rules, variants.
    public static String render(List<SharingDesign> designs) {
        return designs.stream().map(design -> explain(design.name(), design)).collect(Collectors.joining("\n"));
    }

    /// Returns the names, one a line, those of variants included.
    public static String names(List<SharingDesign> designs) {
        return designs.stream()
                .flatMap(design -> Stream.concat(
                        Stream.of(design.name()), design.variants().stream().map(variant -> text(design, variant))))
                .map(name -> name + "\n")
                .collect(Collectors.joining());
    }

    /// Returns the paragraph of the design that a text selects.
    public static String explain(String selection, SharingDesign design) {
        StringBuilder text =
                new StringBuilder("%s (%s)\n".formatted(selection, design.kind().word()));
        item(text, "source", design.source());
        item(text, "opt-in", design.optIn());
        String label = "rules";
        for (String rule : design.rules()) {
            item(text, label, "- " + rule);
            label = "";
        }
        for (Variant variant : design.variants()) {
            item(text, "variant", text(design, variant) + ": " + variant.difference());
        }
        return text.toString();
    }

    private static String text(SharingDesign design, Variant variant) {
        return design.name() + ":" + variant.name();
    }

    /// Returns the lines of a Markdown table, for the README.
    static List<String> markdown(List<SharingDesign> designs) {
        List<String> lines =
                new ArrayList<>(List.of("| design | kind | what a program must do | variants |", "|---|---|---|---|"));
        for (SharingDesign design : designs) {
            String variants = design.variants().stream()
                    .map(variant -> "`" + variant.name() + "`")
                    .collect(Collectors.joining(", "));
            lines.add("| `%s` | %s | %s | %s |"
                    .formatted(
                            design.name(), design.kind().word(), design.optIn().replace("|", "\\|"), variants));
        }
        return lines;
    }

    private static void item(StringBuilder text, String label, String words) {
        StringBuilder line = new StringBuilder("  %-12s".formatted(label));
        String hanging = words.startsWith("- ") ? INDENT + "  " : INDENT;
        int start = line.length();
        for (String word : words.split(" ", -1)) {
            if (line.length() > start && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line.setLength(0);
                line.append(hanging);
                start = line.length();
            }
            line.append(line.length() > start ? " " : "").append(word);
        }
        text.append(line).append('\n');
    }
}
