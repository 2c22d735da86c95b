package sharewalk.cli;

import java.io.Serial;
import sharewalk.experiment.Ending;

/// A failure that can be expected: one sentence for the user, and the exit status.
final class CommandFailure extends RuntimeException {
    /// Something was asked for that there is not.
    static final int USAGE = 2;

    /// It did not work.
    static final int FAILED = 1;

    /// As a shell: the program is there and cannot be run.
    static final int CANNOT_RUN = 126;

    /// As a shell: there is no such program.
    static final int NOT_FOUND = 127;

    /// As a shell: ended by SIGINT. Where a signal takes the virtual machine down, its own status stands instead.
    static final int INTERRUPTED = 128 + 2;

    /// As BSD's sysexits: a defect of Sharewalk.
    static final int DEFECT = Ending.DEFECT_STATUS;

    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    CommandFailure(int exitStatus, String sentence) {
        super(sentence);
        this.exitStatus = exitStatus;
    }

    int exitStatus() {
        return exitStatus;
    }

    static CommandFailure usage(String sentence) {
        return new CommandFailure(USAGE, sentence);
    }

    static CommandFailure failed(String sentence) {
        return new CommandFailure(FAILED, sentence);
    }
}
