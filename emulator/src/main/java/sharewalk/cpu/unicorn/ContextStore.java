package sharewalk.cpu.unicorn;

import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import unicorn.Engine;

/// Saving and loading a hart's registers for tasks.
///
/// A saved state carries no load reservation: the switch of a task ends it (RISC-V Unprivileged, 14.2), and the
/// engine's store-conditional, which compares values, would otherwise succeed after another task changed the value and
/// changed it back.
final class ContextStore {
    private static final long NO_RESERVATION = -1;

    private final Engine engine;
    private final RegisterFile registers;
    private final BlockCounter blocks;
    private final boolean riscv;
    private final long reservationOffset;
    private final @Nullable SavedState scratch;

    /// Creates a store.
    ///
    /// @param reservationOffset where a context keeps the reserved address, or negative where there is none
    /// @param otherHarts whether another hart may run between two runs of this one
    ContextStore(
            Engine engine, RegisterFile registers, BlockCounter blocks, long reservationOffset, boolean otherHarts) {
        this.engine = engine;
        this.registers = registers;
        this.blocks = blocks;
        this.riscv = registers instanceof RiscvRegisters;
        this.reservationOffset = reservationOffset;
        this.scratch = reservationOffset >= 0 && otherHarts ? create() : null;
    }

    SavedState create() {
        SavedState state = new SavedState(engine.contextAlloc());
        save(state);
        return state;
    }

    void save(SavedState into) {
        check(engine.contextSave(into.context()));
        if (reservationOffset >= 0) {
            into.context().segment().set(ValueLayout.JAVA_LONG, reservationOffset, NO_RESERVATION);
        }
        into.setFloatControl(riscv ? ((RiscvRegisters) registers).floatControl() : 0);
        into.setRepeatAt(blocks.repeatAt());
    }

    void restore(SavedState from) {
        check(engine.contextRestore(from.context()));
        if (riscv) {
            ((RiscvRegisters) registers).setFloatControl(from.floatControl());
        }
        blocks.resumeRepetition(from.repeatAt());
    }

    /// Ends a load reservation: another hart may have run since.
    void dropReservation() {
        if (scratch != null) {
            save(scratch);
            restore(scratch);
        }
    }

    private static void check(int error) {
        if (error != 0) {
            throw new IllegalStateException("The engine cannot save or load registers: " + Engine.errorText(error));
        }
    }
}
