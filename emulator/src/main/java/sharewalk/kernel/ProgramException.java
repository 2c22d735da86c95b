package sharewalk.kernel;

import java.io.Serial;

/// A first program that cannot be started, with one sentence that says why.
public final class ProgramException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Creates the exception with its sentence.
    public ProgramException(String sentence) {
        super(sentence);
    }
}
