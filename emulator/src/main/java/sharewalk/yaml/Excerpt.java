package sharewalk.yaml;

import java.util.stream.Collectors;

/// A part of a file as a message may show it: short and printable.
public final class Excerpt {
    private static final int LONGEST = 80;

    private Excerpt() {}

    /// Returns what can be shown of `text`.
    public static String of(String text) {
        String printable = text.codePoints()
                .limit(LONGEST + 1L)
                .mapToObj(each -> Character.isISOControl(each) ? "?" : Character.toString(each))
                .collect(Collectors.joining());
        return text.codePointCount(0, text.length()) <= LONGEST
                ? printable
                : printable.substring(0, printable.offsetByCodePoints(0, LONGEST)) + "...";
    }
}
