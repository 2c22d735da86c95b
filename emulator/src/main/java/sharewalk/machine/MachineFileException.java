package sharewalk.machine;

import java.io.Serial;

/// A machine profile that cannot be used: one sentence with the file and, where there is one, the line and the key.
public final class MachineFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    MachineFileException(String sentence) {
        super(sentence);
    }
}
