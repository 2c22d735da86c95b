package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unicorn.Engine;
import unicorn.X86Const;

/// The x87 and SSE registers as an FXSAVE image (Intel SDM volume 1, 10.5.1).
final class X86FloatState {
    private static final int BYTES = 512;
    private static final int CONTROL_WORD = 0;
    private static final int STATUS_WORD = 2;
    private static final int TAGS = 4;
    private static final int MXCSR = 24;
    private static final int MXCSR_MASK = 28;
    private static final int STACK = 32;
    private static final int XMM = 160;
    private static final int REGISTER_BYTES = 16;
    private static final int STACK_REGISTERS = 8;
    private static final int XMM_REGISTERS = 16;
    private static final int EMPTY_TAG = 3;

    /// The values Linux starts a program with: all exceptions masked, 64-bit precision.
    private static final short INITIAL_CONTROL_WORD = 0x37f;

    private static final int INITIAL_MXCSR = 0x1f80;
    private static final int KNOWN_MXCSR_BITS = 0xffff;

    private final Engine engine;
    private final MemorySegment image;
    private final MemorySegment register;

    X86FloatState(Engine engine, Arena arena) {
        this.engine = engine;
        this.image = arena.allocate(BYTES, REGISTER_BYTES);
        this.register = arena.allocate(REGISTER_BYTES, REGISTER_BYTES);
    }

    /// Returns the image of a program that has just started.
    static byte[] initial() {
        byte[] state = new byte[BYTES];
        MemorySegment image = MemorySegment.ofArray(state);
        image.set(ValueLayout.JAVA_SHORT_UNALIGNED, CONTROL_WORD, INITIAL_CONTROL_WORD);
        image.set(ValueLayout.JAVA_INT_UNALIGNED, MXCSR, INITIAL_MXCSR);
        image.set(ValueLayout.JAVA_INT_UNALIGNED, MXCSR_MASK, KNOWN_MXCSR_BITS);
        return state;
    }

    byte[] read() {
        image.fill((byte) 0);
        int status = (int) engine.regRead(X86Const.UC_X86_REG_FPSW);
        image.set(ValueLayout.JAVA_SHORT, CONTROL_WORD, (short) engine.regRead(X86Const.UC_X86_REG_FPCW));
        image.set(ValueLayout.JAVA_SHORT, STATUS_WORD, (short) status);
        image.set(ValueLayout.JAVA_BYTE, TAGS, abridge((int) engine.regRead(X86Const.UC_X86_REG_FPTAG)));
        image.set(ValueLayout.JAVA_INT, MXCSR, (int) engine.regRead(X86Const.UC_X86_REG_MXCSR));
        image.set(ValueLayout.JAVA_INT, MXCSR_MASK, KNOWN_MXCSR_BITS);
        for (int i = 0; i < STACK_REGISTERS; i++) {
            transferOut(X86Const.UC_X86_REG_FP0 + physical(i, status), STACK + (long) i * REGISTER_BYTES);
        }
        for (int i = 0; i < XMM_REGISTERS; i++) {
            transferOut(X86Const.UC_X86_REG_XMM0 + i, XMM + (long) i * REGISTER_BYTES);
        }
        return image.toArray(ValueLayout.JAVA_BYTE);
    }

    void write(byte[] state) {
        MemorySegment.copy(state, 0, image, ValueLayout.JAVA_BYTE, 0, BYTES);
        int status = image.get(ValueLayout.JAVA_SHORT, STATUS_WORD);
        engine.regWrite(X86Const.UC_X86_REG_FPCW, image.get(ValueLayout.JAVA_SHORT, CONTROL_WORD) & 0xffff);
        engine.regWrite(X86Const.UC_X86_REG_FPSW, status & 0xffff);
        for (int i = 0; i < STACK_REGISTERS; i++) {
            transferIn(X86Const.UC_X86_REG_FP0 + physical(i, status), STACK + (long) i * REGISTER_BYTES);
        }
        engine.regWrite(X86Const.UC_X86_REG_FPTAG, widen(image.get(ValueLayout.JAVA_BYTE, TAGS)));
        engine.regWrite(X86Const.UC_X86_REG_MXCSR, image.get(ValueLayout.JAVA_INT, MXCSR) & KNOWN_MXCSR_BITS);
        for (int i = 0; i < XMM_REGISTERS; i++) {
            transferIn(X86Const.UC_X86_REG_XMM0 + i, XMM + (long) i * REGISTER_BYTES);
        }
    }

    // The image numbers the x87 registers from the top of the stack, the engine from the first one.
    private static int physical(int stackIndex, int status) {
        return (status >>> 11) + stackIndex & STACK_REGISTERS - 1;
    }

    private static byte abridge(int tagWord) {
        int tags = 0;
        for (int i = 0; i < STACK_REGISTERS; i++) {
            if ((tagWord >>> (2 * i) & EMPTY_TAG) != EMPTY_TAG) {
                tags |= 1 << i;
            }
        }
        return (byte) tags;
    }

    private static int widen(byte tags) {
        int tagWord = 0;
        for (int i = 0; i < STACK_REGISTERS; i++) {
            if ((tags >>> i & 1) == 0) {
                tagWord |= EMPTY_TAG << (2 * i);
            }
        }
        return tagWord;
    }

    private void transferOut(int from, long offset) {
        register.fill((byte) 0);
        int ignored = engine.regRead(from, register);
        MemorySegment.copy(register, 0, image, offset, REGISTER_BYTES);
    }

    private void transferIn(int to, long offset) {
        MemorySegment.copy(image, offset, register, 0, REGISTER_BYTES);
        int ignored = engine.regWrite(to, register);
    }
}
