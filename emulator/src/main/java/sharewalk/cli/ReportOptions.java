package sharewalk.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say where figures go.
final class ReportOptions {
    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure to a file as JSON.")
    private @Nullable Path json;

    @Option(names = "--trace", paramLabel = "FILE", description = "Write a line for every page walk to a file.")
    private @Nullable Path trace;

    @Option(
            names = {"-q", "--quiet"},
            description = "No report on standard error.")
    private boolean quiet;

    /// Refuses one file for both.
    void check() {
        OutputFile.requireDifferent("--json", json, "--trace", trace);
    }

    /// Returns the JSON file, checked, or null.
    @Nullable
    OutputFile json() {
        return json == null ? null : OutputFile.at(json);
    }

    @Nullable
    Path trace() {
        return trace;
    }

    boolean quiet() {
        return quiet;
    }
}
