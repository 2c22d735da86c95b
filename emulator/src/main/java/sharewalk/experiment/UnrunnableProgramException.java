package sharewalk.experiment;

import java.io.Serial;

/// A program that is there and cannot be run, with one sentence that says why.
public final class UnrunnableProgramException extends ExperimentException {
    @Serial
    private static final long serialVersionUID = 1L;

    public UnrunnableProgramException(String sentence) {
        super(sentence);
    }
}
