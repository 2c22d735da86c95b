package sharewalk.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.RunObserver;
import sharewalk.trace.WalkTrace;

/// The file a trace of walks goes to, if one is wanted.
final class TraceFile implements AutoCloseable {
    private final @Nullable Path place;
    private final @Nullable Writer out;
    private final @Nullable WalkTrace trace;

    private TraceFile(@Nullable Path place, @Nullable Writer out, @Nullable WalkTrace trace) {
        this.place = place;
        this.out = out;
        this.trace = trace;
    }

    /// Opens the file; with null, there is no trace.
    static TraceFile at(@Nullable Path place) {
        if (place == null) {
            return new TraceFile(null, null, null);
        }
        try {
            Writer out = Files.newBufferedWriter(place, StandardCharsets.UTF_8);
            return new TraceFile(place, out, new WalkTrace(out));
        } catch (IOException e) {
            throw OutputFile.cannotWrite(place, e);
        }
    }

    List<RunObserver> observers() {
        return trace == null ? List.of() : List.of(trace);
    }

    /// Returns the sentence that says why the trace is incomplete, or null.
    @Nullable
    String problem() {
        if (place == null || out == null || trace == null) {
            return null;
        }
        @Nullable IOException failure = trace.failure();
        try {
            out.flush();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
        return failure == null ? null : "The trace %s is incomplete: %s.".formatted(place, OutputFile.reason(failure));
    }

    @Override
    public void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            // problem() has told of it.
            return;
        }
    }
}
