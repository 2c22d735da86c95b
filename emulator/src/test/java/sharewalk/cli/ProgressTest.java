package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import sharewalk.cli.Progress.Style;

/// What a long command tells while it works.
final class ProgressTest {
    private final StringWriter err = new StringWriter();

    @Test
    void quietProgress_tellsOnlyWhatGuestsComplainOf() {
        work(Style.QUIET);

        assertThat(err.toString()).isEqualTo("second\n        it is broken\n");
    }

    @Test
    void lines_areOneForEachPiece() {
        work(Style.LINES);

        assertThat(err.toString()).isEqualTo("[1/2] first\nsecond\n        it is broken\n[2/2] second\n");
    }

    @Test
    void statusLine_isGoneAtTheEnd() {
        work(Style.STATUS);

        assertThat(err.toString()).contains("[0/2]", "[1/2] ", "; first", "[2/2] ");
        assertThat(err.toString()).endsWith(" \r");
        assertThat(err.toString().split("[\r\n]"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    }

    @Test
    void style_isQuietWhereNobodyLooksOrAsks() {
        assertThat(Progress.style(false)).isEqualTo(Style.QUIET);
        assertThat(Progress.style(true)).isNotEqualTo(Style.QUIET);
    }

    private void work(Style style) {
        try (Progress progress = new Progress(style, new PrintWriter(err, true), 2)) {
            progress.done("first", "");
            progress.done("second", "it is broken\n");
        }
    }
}
