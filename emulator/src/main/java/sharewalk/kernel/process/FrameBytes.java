package sharewalk.kernel.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.abi.Signals;

/// What the signal frames of both instruction sets have in common.
final class FrameBytes {
    private FrameBytes() {}

    static ByteBuffer allocate(int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Writes `stack_t`.
    static void putStack(ByteBuffer frame, int offset, AlternateStack stack, long stackPointer) {
        frame.putLong(offset, stack.base());
        frame.putInt(offset + 8, stack.flags(stackPointer));
        frame.putLong(offset + 16, stack.sizeBytes());
    }

    /// Reads `stack_t`.
    static AlternateStack stack(ByteBuffer frame, int offset) {
        boolean enabled = (frame.getInt(offset + 8) & Signals.SS_DISABLE) == 0;
        return enabled
                ? new AlternateStack(frame.getLong(offset), frame.getLong(offset + 16), true)
                : AlternateStack.NONE;
    }
}
