package sharewalk.elf;

import java.io.Serial;

/// A program file that cannot be run, with one sentence that says why.
public final class ElfException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Creates the exception for the file `name`; `reason` completes the sentence that begins with it.
    public ElfException(String name, String reason) {
        super(name + " " + reason + ".");
    }
}
