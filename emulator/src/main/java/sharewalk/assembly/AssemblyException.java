package sharewalk.assembly;

import java.io.IOException;

/// An assembly text that could not be made a program; the message is one sentence with the line where it is known.
public final class AssemblyException extends IOException {
    private static final long serialVersionUID = 1;

    AssemblyException(String message) {
        super(message);
    }

    static AssemblyException at(String name, int line, String problem) {
        return new AssemblyException(name + ", line " + line + ": " + problem);
    }
}
