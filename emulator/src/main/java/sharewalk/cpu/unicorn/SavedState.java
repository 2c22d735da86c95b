package sharewalk.cpu.unicorn;

import sharewalk.cpu.CpuContext;
import unicorn.EngineContext;

/// A task's registers, with what the engine leaves out of its own contexts.
final class SavedState implements CpuContext {
    private final EngineContext context;
    private long floatControl;
    private long repeatAt = BlockTable.NO_REPEAT;

    SavedState(EngineContext context) {
        this.context = context;
    }

    EngineContext context() {
        return context;
    }

    /// Returns RISC-V's fcsr: the engine's context forgets the accrued exceptions.
    long floatControl() {
        return floatControl;
    }

    void setFloatControl(long value) {
        floatControl = value;
    }

    /// Returns the string instruction being repeated, or [BlockTable#NO_REPEAT].
    long repeatAt() {
        return repeatAt;
    }

    void setRepeatAt(long virtAddr) {
        repeatAt = virtAddr;
    }

    void copyFrom(SavedState from) {
        context.copyFrom(from.context);
        floatControl = from.floatControl;
        repeatAt = from.repeatAt;
    }

    @Override
    public void close() {
        context.close();
    }
}
