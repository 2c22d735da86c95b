package unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static unicorn.NativeCalls.link;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The functions of `unicorn.h` for many registers, for registers of any size and for saved registers.
final class NativeRegisters {
    private static final MethodHandle REG_READ_BATCH =
            link("uc_reg_read_batch", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle REG_WRITE_BATCH =
            link("uc_reg_write_batch", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle CONTEXT_ALLOC = link("uc_context_alloc", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CONTEXT_SIZE = link("uc_context_size", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CONTEXT_SAVE = link("uc_context_save", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle CONTEXT_RESTORE = link("uc_context_restore", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle CONTEXT_FREE = link("uc_context_free", JAVA_INT, JAVA_LONG);
    private static final MethodHandle REG_READ_SIZED =
            link("uc_reg_read2", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle REG_WRITE_SIZED =
            link("uc_reg_write2", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CONTEXT_REG_READ =
            link("uc_context_reg_read2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CONTEXT_REG_WRITE =
            link("uc_context_reg_write2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);

    private NativeRegisters() {}

    static int regReadBatch(long uc, MemorySegment registers, MemorySegment pointers, int count) {
        try {
            return (int) REG_READ_BATCH.invokeExact(uc, registers, pointers, count);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int regWriteBatch(long uc, MemorySegment registers, MemorySegment pointers, int count) {
        try {
            return (int) REG_WRITE_BATCH.invokeExact(uc, registers, pointers, count);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int contextAlloc(long uc, long result) {
        try {
            return (int) CONTEXT_ALLOC.invokeExact(uc, result);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static long contextSize(long uc) {
        try {
            return (long) CONTEXT_SIZE.invokeExact(uc);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int contextSave(long uc, MemorySegment context) {
        try {
            return (int) CONTEXT_SAVE.invokeExact(uc, context);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int contextRestore(long uc, MemorySegment context) {
        try {
            return (int) CONTEXT_RESTORE.invokeExact(uc, context);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int contextFree(long context) {
        try {
            return (int) CONTEXT_FREE.invokeExact(context);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int regReadSized(long uc, int register, MemorySegment value, MemorySegment sizeBytes) {
        try {
            return (int) REG_READ_SIZED.invokeExact(uc, register, value, sizeBytes);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int regWriteSized(long uc, int register, MemorySegment value, MemorySegment sizeBytes) {
        try {
            return (int) REG_WRITE_SIZED.invokeExact(uc, register, value, sizeBytes);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int contextRegRead(MemorySegment context, int register, MemorySegment value, MemorySegment sizeBytes) {
        try {
            return (int) CONTEXT_REG_READ.invokeExact(context, register, value, sizeBytes);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static int contextRegWrite(MemorySegment context, int register, MemorySegment value, MemorySegment sizeBytes) {
        try {
            return (int) CONTEXT_REG_WRITE.invokeExact(context, register, value, sizeBytes);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }
}
