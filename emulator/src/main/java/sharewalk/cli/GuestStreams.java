package sharewalk.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.device.StandardStreams;

/// The host's standard streams as a guest gets them: bytes, untouched and unbuffered.
final class GuestStreams implements AutoCloseable {
    private final InputStream input;
    private final boolean ownsInput;
    private final StandardStreams streams;

    private GuestStreams(InputStream input, boolean ownsInput) {
        this.input = input;
        this.ownsInput = ownsInput;
        OutputStream output = new FileOutputStream(FileDescriptor.out);
        OutputStream error = new FileOutputStream(FileDescriptor.err);
        this.streams = new StandardStreams(input, output, error, false);
    }

    /// Opens the streams, input from a file if one is given.
    static GuestStreams open(@Nullable Path inputFile) {
        if (inputFile == null) {
            return new GuestStreams(System.in, false);
        }
        if (Files.isDirectory(inputFile)) {
            throw CommandFailure.failed("Cannot read %s: it is a directory.".formatted(inputFile));
        }
        try {
            return new GuestStreams(Files.newInputStream(inputFile), true);
        } catch (IOException e) {
            throw CommandFailure.failed("Cannot read %s: %s.".formatted(inputFile, OutputFile.reason(e)));
        }
    }

    StandardStreams streams() {
        return streams;
    }

    @Override
    public void close() {
        try {
            streams.output().flush();
            if (ownsInput) {
                input.close();
            }
        } catch (IOException e) {
            throw CommandFailure.failed("Cannot write the guest's output: %s.".formatted(OutputFile.reason(e)));
        }
    }
}
