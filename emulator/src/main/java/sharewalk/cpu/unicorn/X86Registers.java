package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unicorn.Engine;
import unicorn.EngineContext;
import unicorn.RegisterBatch;
import unicorn.X86Const;

/// The registers of an x86-64 hart in ring 3.
final class X86Registers implements RegisterFile {
    private static final int[] GENERAL = {
        X86Const.UC_X86_REG_RAX, X86Const.UC_X86_REG_RCX, X86Const.UC_X86_REG_RDX, X86Const.UC_X86_REG_RBX,
        X86Const.UC_X86_REG_RSP, X86Const.UC_X86_REG_RBP, X86Const.UC_X86_REG_RSI, X86Const.UC_X86_REG_RDI,
        X86Const.UC_X86_REG_R8, X86Const.UC_X86_REG_R9, X86Const.UC_X86_REG_R10, X86Const.UC_X86_REG_R11,
        X86Const.UC_X86_REG_R12, X86Const.UC_X86_REG_R13, X86Const.UC_X86_REG_R14, X86Const.UC_X86_REG_R15
    };
    private static final int[] KEPT = {
        X86Const.UC_X86_REG_RAX, X86Const.UC_X86_REG_RCX, X86Const.UC_X86_REG_RDX, X86Const.UC_X86_REG_RBX,
        X86Const.UC_X86_REG_RSP, X86Const.UC_X86_REG_RBP, X86Const.UC_X86_REG_RSI, X86Const.UC_X86_REG_RDI,
        X86Const.UC_X86_REG_R8, X86Const.UC_X86_REG_R9, X86Const.UC_X86_REG_R10, X86Const.UC_X86_REG_R11,
        X86Const.UC_X86_REG_R12, X86Const.UC_X86_REG_R13, X86Const.UC_X86_REG_R14, X86Const.UC_X86_REG_R15,
        X86Const.UC_X86_REG_RIP, X86Const.UC_X86_REG_RFLAGS, X86Const.UC_X86_REG_FS_BASE, X86Const.UC_X86_REG_GS_BASE
    };
    private static final int RCX = 1;
    private static final int R11 = 11;

    /// IF and the bit that is always one (Intel SDM volume 1, 3.4.3).
    private static final long INITIAL_FLAGS = 0x202;

    /// The flags a program may change: CF, PF, AF, ZF, SF, DF, OF, TF apart.
    private static final long USER_FLAGS = 0xcd5;

    /// SYSRETQ, in a page that only exists while the engine is brought into ring 3.
    private static final byte[] SYSRETQ = {0x48, 0x0f, 0x07};

    private static final int EFER = 0xc000_0080;
    private static final long SYSCALL_AND_LONG_MODE = 0x501;

    private final Engine engine;
    private final X86FloatState floatState;
    private final RegisterBatch kept;
    private final EngineContext clean;
    private final MemorySegment msr;

    X86Registers(Engine engine, Arena arena) {
        this.engine = engine;
        this.floatState = new X86FloatState(engine, arena);
        this.kept = engine.batch(KEPT);
        this.clean = engine.contextAlloc();
        this.msr = arena.allocate(16, 8);
    }

    /// Returns the machine code with which ring 3 is entered.
    static byte[] userModeCode() {
        return SYSRETQ.clone();
    }

    /// Executes SYSRETQ, for writing segment registers leaves the privilege level alone.
    ///
    /// Preconditions:
    /// - the fill hook answers address 0 with a page that holds [#userModeCode()]
    @Override
    public void enterUserMode() {
        msr.set(ValueLayout.JAVA_INT, 0, EFER);
        msr.set(ValueLayout.JAVA_LONG, 8, SYSCALL_AND_LONG_MODE);
        check(engine.regWrite(X86Const.UC_X86_REG_MSR, msr));
        setGeneral(RCX, SYSRETQ.length);
        setGeneral(R11, INITIAL_FLAGS);
        check(engine.emuStart(0, SYSRETQ.length, 0, 0));
        reset();
        check(engine.contextSave(clean));
    }

    private static void check(int error) {
        if (error != 0) {
            throw new IllegalStateException("The engine cannot be brought into ring 3: " + Engine.errorText(error));
        }
    }

    @Override
    public long pc() {
        return engine.regRead(X86Const.UC_X86_REG_RIP);
    }

    @Override
    public void setPc(long virtAddr) {
        engine.regWrite(X86Const.UC_X86_REG_RIP, virtAddr);
    }

    @Override
    public long general(int index) {
        return engine.regRead(GENERAL[index]);
    }

    @Override
    public void setGeneral(int index, long value) {
        engine.regWrite(GENERAL[index], value);
    }

    @Override
    public long segmentBase(boolean gs) {
        return engine.regRead(gs ? X86Const.UC_X86_REG_GS_BASE : X86Const.UC_X86_REG_FS_BASE);
    }

    @Override
    public long threadPointer() {
        return segmentBase(false);
    }

    @Override
    public void setThreadPointer(long value) {
        engine.regWrite(X86Const.UC_X86_REG_FS_BASE, value);
    }

    @Override
    public long flags() {
        return engine.regRead(X86Const.UC_X86_REG_RFLAGS);
    }

    @Override
    public void setFlags(long value) {
        engine.regWrite(X86Const.UC_X86_REG_RFLAGS, (value & USER_FLAGS) | INITIAL_FLAGS);
    }

    @Override
    public byte[] floatState() {
        return floatState.read();
    }

    @Override
    public void setFloatState(byte[] state) {
        floatState.write(state);
    }

    @Override
    public void reset() {
        for (int i = 0; i < GENERAL.length; i++) {
            setGeneral(i, 0);
        }
        setFlags(INITIAL_FLAGS);
        setThreadPointer(0);
        engine.regWrite(X86Const.UC_X86_REG_GS_BASE, 0);
        floatState.write(X86FloatState.initial());
    }

    /// The engine remembers the last exception for ever and takes the next one for a double fault, so its state is
    /// replaced by one that never saw any.
    @Override
    public void forgetException() {
        byte[] floats = floatState.read();
        check(engine.regRead(kept));
        check(engine.contextRestore(clean));
        check(engine.regWrite(kept));
        floatState.write(floats);
    }

    /// SYSCALL puts the return address into RCX and the flags into R11 (Intel SDM volume 2, SYSCALL).
    @Override
    public void enterSystemCall() {
        setGeneral(RCX, pc());
        setGeneral(R11, flags());
    }
}
