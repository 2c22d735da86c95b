package sharewalk.experiment;

import java.io.Serial;

/// A spec that cannot be run, with one sentence that says why.
public sealed class ExperimentException extends RuntimeException permits UnrunnableProgramException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ExperimentException(String sentence) {
        super(sentence);
    }
}
