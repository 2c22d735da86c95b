package sharewalk.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;

/// The entry point.
public final class Main {
    private Main() {}

    /// Runs a command and exits with its status.
    public static void main(String[] arguments) {
        System.exit(execute(commandLine(), arguments));
    }

    /// Runs a command and returns its exit status, whatever goes wrong.
    static int execute(CommandLine line, String... arguments) {
        try {
            return line.execute(arguments);
        } catch (Error e) {
            return ErrorHandling.handleError(e, line);
        }
    }

    /// Returns the commands, ready to be executed.
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new SharewalkCommand());
        ErrorHandling errors = new ErrorHandling();
        line.setParameterExceptionHandler(errors);
        line.setExecutionExceptionHandler(errors);
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
