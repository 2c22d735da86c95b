package sharewalk.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a long command tells while it works: on a terminal one line that is written over, elsewhere, where it is asked
/// for, a line for each piece of work done. What guests complain about is told in any case.
///
/// Pieces may be done on several threads.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final Style style;
    private final PrintWriter err;
    private final int total;
    private final long beginNanos = System.nanoTime();
    private int done;
    private int shown;

    /// How progress is told.
    enum Style {
        /// Not at all.
        QUIET,
        /// A line for each piece.
        LINES,
        /// One line, written over.
        STATUS
    }

    /// @param total the number of pieces
    Progress(Style style, PrintWriter err, int total) {
        this.style = style;
        this.err = err;
        this.total = total;
        show("");
    }

    /// Returns the style for a wish: none where standard error is no terminal and nobody has asked.
    static Style style(@Nullable Boolean wanted) {
        boolean terminal = isTerminal();
        if (wanted == null ? !terminal : !wanted) {
            return Style.QUIET;
        }
        return terminal ? Style.STATUS : Style.LINES;
    }

    /// Tells that a piece is done, and what its guest wrote to its standard error.
    synchronized void done(String label, String complaints) {
        done++;
        if (!complaints.isBlank()) {
            erase();
            err.println(label);
            complaints.lines().forEach(line -> err.println("        " + line));
        }
        if (style == Style.LINES) {
            err.println("[%d/%d] %s".formatted(done, total, label));
        }
        show(label);
        err.flush();
    }

    @Override
    public synchronized void close() {
        erase();
        err.flush();
    }

    private void show(String label) {
        if (style != Style.STATUS) {
            return;
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - beginNanos);
        String left = done == 0
                ? ""
                : ", about %s left"
                        .formatted(text(elapsed.multipliedBy(total - done).dividedBy(done)));
        String line = "[%d/%d] %s%s%s".formatted(done, total, text(elapsed), left, label.isEmpty() ? "" : "; " + label);
        erase();
        String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
        err.print(cut);
        shown = cut.length();
        err.flush();
    }

    private void erase() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }

    private static String text(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 60 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
    }

    /// Java can tell whether standard input and output are a terminal, not whether standard error is.
    private static boolean isTerminal() {
        try {
            String place = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return place.startsWith("/dev/pts/") || place.startsWith("/dev/tty") || place.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
