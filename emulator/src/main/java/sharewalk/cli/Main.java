package sharewalk.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;

/// The entry point.
public final class Main {
    /// Holds any listing, so that a reader who stops early, as `head` does, is not an error.
    private static final int OUTPUT_BUFFER = 1 << 16;

    private Main() {}

    /// Runs a command and exits with its status.
    public static void main(String[] arguments) {
        System.exit(execute(commandLine().setOut(standardOutput()), arguments));
    }

    /// Runs a command and returns its exit status, whatever goes wrong.
    static int execute(CommandLine line, String... arguments) {
        try {
            int status = line.execute(arguments);
            return line.getOut().checkError() ? ErrorHandling.outputLost(line, status) : status;
        } catch (Error e) {
            return ErrorHandling.handleError(e, line);
        }
    }

    /// A writer over `System.out` would not notice a full disk: a `PrintStream` keeps failures to itself.
    private static PrintWriter standardOutput() {
        return new PrintWriter(new OutputStreamWriter(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER),
                System.out.charset()));
    }

    /// Returns the commands, ready to be executed.
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new SharewalkCommand());
        ErrorHandling errors = new ErrorHandling();
        line.setParameterExceptionHandler(errors);
        line.setExecutionExceptionHandler(errors);
        CommandLine _ = WholeNumbers.readBy(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setUsageHelpAutoWidth(false);
        // What follows the program is the guest's, whatever it looks like.
        for (String name : List.of("run", "compare")) {
            Objects.requireNonNull(line.getSubcommands().get(name)).setStopAtPositional(true);
        }
        return line;
    }

    /// Returns the commands writing to the given streams, for tests.
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return commandLine().setOut(out).setErr(err);
    }
}
