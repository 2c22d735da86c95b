package sharewalk.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that says whether a long command tells how far it is.
final class ProgressOption {
    @Option(
            names = "--progress",
            negatable = true,
            description = "Tell on standard error how far the runs are (on a terminal: yes, elsewhere no).")
    private @Nullable Boolean wanted;

    /// Returns the progress of so many pieces of work.
    Progress of(int pieces, PrintWriter err) {
        return new Progress(Progress.style(wanted), err, pieces);
    }
}
