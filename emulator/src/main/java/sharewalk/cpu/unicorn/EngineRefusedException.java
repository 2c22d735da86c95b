package sharewalk.cpu.unicorn;

/// A refusal to run on an engine that lacks something exact counts need; the message names it and what to do.
public final class EngineRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineRefusedException(String message) {
        super(message);
    }
}
