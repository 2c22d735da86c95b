package sharewalk.cli;

import java.util.List;

/// What is listed behind an option with commas between.
final class Listed {
    private Listed() {}

    /// Returns what is listed, each once; refuses a list of nothing, of which `thing` says what it should have named.
    static <T> List<T> once(String option, String thing, List<T> given) {
        if (given.isEmpty()) {
            throw CommandFailure.usage("%s names no %s.".formatted(option, thing));
        }
        return given.stream().distinct().toList();
    }
}
