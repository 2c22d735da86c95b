package unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Registers as Java objects: `Long`, `BigInteger` for vectors, [X86_Float80], [X86_MMR] and [X86_MSR].
final class RegisterValues {
    private static final int LONG_BYTES = 8;
    private static final int FLOAT80_BYTES = 16;
    private static final int XMM_BYTES = 16;
    private static final int YMM_BYTES = 32;
    private static final int ZMM_BYTES = 64;

    private static final int MMR_BYTES = 24;
    private static final int MMR_BASE = 8;
    private static final int MMR_LIMIT = 16;
    private static final int MMR_FLAGS = 20;

    private static final int MSR_BYTES = 16;
    private static final int MSR_VALUE = 8;

    private RegisterValues() {}

    /// One way to reach registers: of an engine or of a context.
    interface Access {
        /// Reads or writes; the size is a `size_t` that holds the room and is set to what was used.
        void apply(int register, MemorySegment value, MemorySegment sizeBytes);
    }

    private enum Form {
        LONG,
        VECTOR,
        FLOAT80,
        MMR,
        MSR
    }

    static long readLong(int arch, Access reader, int register) {
        requireLong(arch, register);
        try (Arena arena = Arena.ofConfined()) {
            return transfer(arena, reader, register, arena.allocate(LONG_BYTES)).get(JAVA_LONG, 0);
        }
    }

    static void writeLong(int arch, Access writer, int register, long value) {
        requireLong(arch, register);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment _ = transfer(arena, writer, register, arena.allocateFrom(JAVA_LONG, value));
        }
    }

    static Object read(int arch, Access reader, int register, @Nullable Object option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(sizeBytes(arch, register), LONG_BYTES);
            if (form(arch, register) == Form.MSR) {
                room.set(JAVA_INT, 0, ((X86_MSR) Objects.requireNonNull(option)).rid);
            }
            MemorySegment value = transfer(arena, reader, register, room);
            return switch (form(arch, register)) {
                case LONG -> value.get(JAVA_LONG, 0);
                case VECTOR -> toBigInteger(value);
                case FLOAT80 -> new X86_Float80(value.get(JAVA_LONG, 0), value.get(JAVA_SHORT, LONG_BYTES));
                case MMR ->
                    new X86_MMR(
                            value.get(JAVA_LONG, MMR_BASE),
                            value.get(JAVA_INT, MMR_LIMIT),
                            value.get(JAVA_INT, MMR_FLAGS),
                            value.get(JAVA_SHORT, 0));
                case MSR -> value.get(JAVA_LONG, MSR_VALUE);
            };
        }
    }

    static void write(int arch, Access writer, int register, Object value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(sizeBytes(arch, register), LONG_BYTES);
            switch (form(arch, register)) {
                case LONG -> bytes.set(JAVA_LONG, 0, ((Number) value).longValue());
                case VECTOR -> fromBigInteger((BigInteger) value, bytes);
                case FLOAT80 -> {
                    bytes.set(JAVA_LONG, 0, ((X86_Float80) value).mantissa);
                    bytes.set(JAVA_SHORT, LONG_BYTES, ((X86_Float80) value).exponent);
                }
                case MMR -> {
                    X86_MMR mmr = (X86_MMR) value;
                    bytes.set(JAVA_SHORT, 0, mmr.selector);
                    bytes.set(JAVA_LONG, MMR_BASE, mmr.base);
                    bytes.set(JAVA_INT, MMR_LIMIT, mmr.limit);
                    bytes.set(JAVA_INT, MMR_FLAGS, mmr.flags);
                }
                case MSR -> {
                    bytes.set(JAVA_INT, 0, ((X86_MSR) value).rid);
                    bytes.set(JAVA_LONG, MSR_VALUE, ((X86_MSR) value).value);
                }
            }
            MemorySegment _ = transfer(arena, writer, register, bytes);
        }
    }

    private static MemorySegment transfer(Arena arena, Access access, int register, MemorySegment value) {
        access.apply(register, value, arena.allocateFrom(JAVA_LONG, value.byteSize()));
        return value;
    }

    private static void requireLong(int arch, int register) {
        if (form(arch, register) != Form.LONG) {
            throw new UnicornException("Register " + register + " does not fit a long");
        }
    }

    private static Form form(int arch, int register) {
        if (arch != UnicornConst.UC_ARCH_X86) {
            return Form.LONG;
        }
        return switch (register) {
            case X86Const.UC_X86_REG_IDTR, X86Const.UC_X86_REG_GDTR, X86Const.UC_X86_REG_LDTR, X86Const.UC_X86_REG_TR ->
                Form.MMR;
            case X86Const.UC_X86_REG_MSR -> Form.MSR;
            default -> {
                if (within(register, X86Const.UC_X86_REG_FP0, X86Const.UC_X86_REG_FP7)
                        || within(register, X86Const.UC_X86_REG_ST0, X86Const.UC_X86_REG_ST7)) {
                    yield Form.FLOAT80;
                }
                yield within(register, X86Const.UC_X86_REG_XMM0, X86Const.UC_X86_REG_ZMM31) ? Form.VECTOR : Form.LONG;
            }
        };
    }

    private static int sizeBytes(int arch, int register) {
        return switch (form(arch, register)) {
            case LONG -> LONG_BYTES;
            case FLOAT80 -> FLOAT80_BYTES;
            case MMR -> MMR_BYTES;
            case MSR -> MSR_BYTES;
            case VECTOR -> {
                if (register <= X86Const.UC_X86_REG_XMM31) {
                    yield XMM_BYTES;
                }
                yield register <= X86Const.UC_X86_REG_YMM31 ? YMM_BYTES : ZMM_BYTES;
            }
        };
    }

    private static boolean within(int register, int first, int last) {
        return first <= register && register <= last;
    }

    private static BigInteger toBigInteger(MemorySegment littleEndian) {
        return new BigInteger(1, reversed(littleEndian.toArray(ValueLayout.JAVA_BYTE)));
    }

    private static void fromBigInteger(BigInteger value, MemorySegment littleEndian) {
        int bits = (int) littleEndian.byteSize() * Byte.SIZE;
        if (value.signum() < 0 ? value.bitLength() >= bits : value.bitLength() > bits) {
            throw new IllegalArgumentException(
                    "A value of " + (value.bitLength() + 1) + " bits does not fit a register of " + bits);
        }
        littleEndian.fill((byte) (value.signum() < 0 ? -1 : 0));
        byte[] bytes = reversed(value.toByteArray());
        int count = Math.min(bytes.length, (int) littleEndian.byteSize());
        MemorySegment.copy(bytes, 0, littleEndian, ValueLayout.JAVA_BYTE, 0, count);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[bytes.length - 1 - i];
        }
        return result;
    }
}
