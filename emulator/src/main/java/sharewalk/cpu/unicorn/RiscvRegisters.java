package sharewalk.cpu.unicorn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import unicorn.Engine;
import unicorn.RiscvConst;

/// The registers of a RISC-V hart in user mode.
final class RiscvRegisters implements RegisterFile {
    private static final int REGISTERS = 32;
    private static final int THREAD_POINTER = 4;

    /// mstatus.FS = dirty (RISC-V Privileged, 3.1.6.6): without it floating-point instructions are illegal.
    private static final long FLOATING_POINT_ON = 0x6000;

    private static final int USER = 0;

    private final Engine engine;

    RiscvRegisters(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void enterUserMode() {
        long status = engine.regRead(RiscvConst.UC_RISCV_REG_MSTATUS);
        engine.regWrite(RiscvConst.UC_RISCV_REG_MSTATUS, status | FLOATING_POINT_ON);
        engine.regWrite(RiscvConst.UC_RISCV_REG_PRIV, USER);
    }

    @Override
    public long pc() {
        return engine.regRead(RiscvConst.UC_RISCV_REG_PC);
    }

    @Override
    public void setPc(long virtAddr) {
        engine.regWrite(RiscvConst.UC_RISCV_REG_PC, virtAddr);
    }

    @Override
    public long general(int index) {
        return index == 0 ? 0 : engine.regRead(RiscvConst.UC_RISCV_REG_X0 + index);
    }

    @Override
    public void setGeneral(int index, long value) {
        if (index != 0) {
            engine.regWrite(RiscvConst.UC_RISCV_REG_X0 + index, value);
        }
    }

    @Override
    public long segmentBase(boolean gs) {
        return 0;
    }

    @Override
    public long threadPointer() {
        return general(THREAD_POINTER);
    }

    @Override
    public void setThreadPointer(long value) {
        setGeneral(THREAD_POINTER, value);
    }

    @Override
    public long flags() {
        return 0;
    }

    @Override
    public void setFlags(long value) {
        // RISC-V has no flags register.
    }

    @Override
    public byte[] floatState() {
        ByteBuffer state = ByteBuffer.allocate((REGISTERS + 1) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < REGISTERS; i++) {
            state.putLong(engine.regRead(RiscvConst.UC_RISCV_REG_F0 + i));
        }
        state.putLong(floatControl());
        return state.array();
    }

    @Override
    public void setFloatState(byte[] bytes) {
        ByteBuffer state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < REGISTERS; i++) {
            engine.regWrite(RiscvConst.UC_RISCV_REG_F0 + i, state.getLong());
        }
        setFloatControl(state.getLong());
    }

    /// Returns fcsr: rounding mode and accrued exceptions.
    long floatControl() {
        return engine.regRead(RiscvConst.UC_RISCV_REG_FCSR);
    }

    void setFloatControl(long value) {
        engine.regWrite(RiscvConst.UC_RISCV_REG_FCSR, value);
    }

    @Override
    public void reset() {
        for (int i = 1; i < REGISTERS; i++) {
            setGeneral(i, 0);
        }
        setFloatState(new byte[(REGISTERS + 1) * Long.BYTES]);
    }

    @Override
    public void forgetException() {
        // Nothing of a RISC-V exception stays behind in the engine.
    }

    @Override
    public void enterSystemCall() {
        // ecall changes no register a user can see.
    }
}
