package sharewalk.kernel.process;

import sharewalk.abi.Signals;

/// How a process ended.
public sealed interface ExitStatus {
    /// Ended by itself.
    record Exited(int code) implements ExitStatus {}

    /// Killed by a signal.
    record Killed(int signal) implements ExitStatus {}

    /// Returns the status as wait4(2) reports it; no core file is ever written.
    default int waitStatus() {
        return switch (this) {
            case Exited(int code) -> (code & 0xff) << 8;
            case Killed(int signal) -> signal;
        };
    }

    /// Returns the exit status a shell would show.
    default int shellStatus() {
        return switch (this) {
            case Exited(int code) -> code & 0xff;
            case Killed(int signal) -> 128 + signal;
        };
    }

    /// Returns `si_code` of the SIGCHLD that tells of it.
    default int childCode() {
        return switch (this) {
            case Exited _ -> Signals.CLD_EXITED;
            case Killed _ -> Signals.CLD_KILLED;
        };
    }

    /// Returns `si_status`: the code or the signal.
    default int childStatus() {
        return switch (this) {
            case Exited(int code) -> code & 0xff;
            case Killed(int signal) -> signal;
        };
    }
}
