package sharewalk.host;

/// A refusal of the host to give memory.
public final class HostMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HostMemoryException(String message) {
        super(message);
    }
}
