package sharewalk.cpu.unicorn;

import unicorn.Engine;

/// What the engine told through its interrupt and system-call hooks since it was last started.
final class EngineEvents {
    /// The interrupt number while there was none.
    static final int NONE = -1;

    private final Engine engine;
    private int interrupt = NONE;
    private boolean systemCall;

    EngineEvents(Engine engine) {
        this.engine = engine;
    }

    void clear() {
        interrupt = NONE;
        systemCall = false;
    }

    void interrupted(int number) {
        interrupt = number;
        int ignored = engine.emuStop();
    }

    void calledSystem() {
        systemCall = true;
        int ignored = engine.emuStop();
    }

    /// Returns the interrupt or exception number, or [#NONE].
    int interrupt() {
        return interrupt;
    }

    /// Returns whether the x86 system-call instruction was executed.
    boolean systemCall() {
        return systemCall;
    }
}
