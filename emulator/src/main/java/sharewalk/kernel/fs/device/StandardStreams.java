package sharewalk.kernel.fs.device;

import java.io.InputStream;
import java.io.OutputStream;

/// The streams a machine's standard input, output and error lead to.
///
/// @param isTerminal whether guests are told that they talk to a terminal (isatty(3))
public record StandardStreams(InputStream input, OutputStream output, OutputStream error, boolean isTerminal) {
    /// Returns streams without input and without a terminal.
    public static StandardStreams of(OutputStream output, OutputStream error) {
        return new StandardStreams(InputStream.nullInputStream(), output, error, false);
    }
}
