package sharewalk.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import sharewalk.cpu.unicorn.EngineRefusedException;
import sharewalk.experiment.ExperimentException;
import sharewalk.experiment.UnrunnableProgramException;
import sharewalk.host.HostMemoryException;
import sharewalk.yaml.YamlFileException;

/// Makes a sentence and an exit status of whatever went wrong. Only a defect of Sharewalk has a stack trace, and only
/// when asked for.
final class ErrorHandling implements IParameterExceptionHandler, IExecutionExceptionHandler {
    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        say(line.getErr(), message(failure));
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        line.getErr().flush();
        return CommandFailure.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        return switch (failure) {
            case CommandFailure expected -> {
                say(err, message(expected));
                yield expected.exitStatus();
            }
            case UnrunnableProgramException _ -> {
                say(err, message(failure));
                yield CommandFailure.CANNOT_RUN;
            }
            case ExperimentException _, YamlFileException _, EngineRefusedException _, HostMemoryException _ -> {
                say(err, message(failure));
                yield CommandFailure.FAILED;
            }
            default -> unexpected(failure, line);
        };
    }

    /// Returns whether something went wrong that is no defect of Sharewalk.
    static boolean isExpected(Throwable failure) {
        return switch (failure) {
            case CommandFailure _,
                    ExperimentException _,
                    YamlFileException _,
                    EngineRefusedException _,
                    HostMemoryException _,
                    OutOfMemoryError _ -> true;
            default -> false;
        };
    }

    /// Says that the machine is too large for the host's memory, or that Sharewalk has a defect.
    static int handleError(Error failure, CommandLine line) {
        if (failure instanceof OutOfMemoryError) {
            say(line.getErr(), "Out of memory (" + failure.getMessage() + "); a smaller --ram needs less.");
            return CommandFailure.FAILED;
        }
        return unexpected(failure, line);
    }

    /// Says that not all of standard output could be written, and returns the exit status in place of a given one.
    static int outputLost(CommandLine line, int status) {
        say(line.getErr(), "Cannot write all of standard output; the disk may be full or the reader gone.");
        return status == 0 ? CommandFailure.FAILED : status;
    }

    private static int unexpected(Throwable failure, CommandLine line) {
        PrintWriter err = line.getErr();
        say(err, "This should not have happened: " + failure + ".");
        if (SharewalkCommand.rootOf(line).debug()) {
            failure.printStackTrace(err);
        } else {
            err.println("Add --debug for where it happened.");
        }
        err.flush();
        return CommandFailure.DEFECT;
    }

    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static void say(PrintWriter err, String sentence) {
        String ended = sentence.matches("(?s).*[.!?]") ? sentence : sentence + ".";
        err.println("sharewalk: " + ended);
        err.flush();
    }
}
