package sharewalk.yaml;

import java.io.Serial;

/// A file that cannot be used: one sentence with the file and, where there is one, the line and the key.
public final class YamlFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Creates the exception.
    public YamlFileException(String sentence) {
        super(sentence);
    }
}
