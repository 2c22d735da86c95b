package sharewalk.experiment;

import sharewalk.abi.Signals;

/// How a program, or a whole run, ended.
public sealed interface Ending {
    /// The exit status that tells of a defect of the emulator, as BSD's sysexits.
    int DEFECT_STATUS = 70;

    /// Ended by itself.
    record Exited(int code) implements Ending {}

    /// Killed by a signal.
    record Killed(int signal) implements Ending {}

    /// Stopped by the emulator, for the reason that one sentence gives.
    record Failed(String reason) implements Ending {}

    /// Stopped by a defect of the emulator.
    record Broken(String reason) implements Ending {}

    /// Not ended when the run was over.
    record Running() implements Ending {}

    /// Returns the exit status a shell would show; a run that could not go on is 1.
    default int shellStatus() {
        return switch (this) {
            case Exited(int code) -> code & 0xff;
            case Killed(int signal) -> 128 + signal;
            case Failed _, Running _ -> 1;
            case Broken _ -> DEFECT_STATUS;
        };
    }

    /// Returns the ending in a few words.
    default String describe() {
        return switch (this) {
            case Exited(int code) -> "exit status " + code;
            case Killed(int signal) -> "killed by " + Signals.name(signal);
            case Failed(String reason) -> "stopped: " + reason;
            case Broken(String reason) -> "stopped by a defect of Sharewalk: " + reason;
            case Running _ -> "still running";
        };
    }
}
