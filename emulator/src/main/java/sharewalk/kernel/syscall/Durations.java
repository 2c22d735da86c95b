package sharewalk.kernel.syscall;

import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.TaskMemory;

/// Times as system calls take and give them, in nanoseconds.
final class Durations {
    /// The answer for a pointer to something that is no time.
    static final long INVALID = Long.MIN_VALUE;

    /// The duration that a null pointer stands for.
    static final long FOREVER = Long.MAX_VALUE;

    static final long SECOND = 1_000_000_000L;

    private static final long MICROSECOND = 1_000;
    private static final long LONGEST_SECONDS = Long.MAX_VALUE / SECOND - 1;

    private Durations() {}

    /// Returns the `struct timespec` an argument points at, [#FOREVER] for null, or [#INVALID].
    static long timespec(Call call, int position) {
        long virtAddr = call.argument(position);
        return virtAddr == 0 ? FOREVER : read(call.memory(), virtAddr);
    }

    /// Returns the `struct timespec` at an address, or [#INVALID].
    static long read(TaskMemory memory, long virtAddr) {
        long seconds = memory.readLong(virtAddr);
        long nanoseconds = memory.readLong(virtAddr + Long.BYTES);
        return nanoseconds >= 0 && nanoseconds < SECOND ? sum(seconds, nanoseconds) : INVALID;
    }

    /// Returns the `struct timeval` an argument points at, [#FOREVER] for null, or [#INVALID].
    static long microseconds(Call call, int position) {
        long virtAddr = call.argument(position);
        return virtAddr == 0 ? FOREVER : readMicroseconds(call.memory(), virtAddr);
    }

    /// Returns the `struct timeval` at an address, or [#INVALID].
    static long readMicroseconds(TaskMemory memory, long virtAddr) {
        long seconds = memory.readLong(virtAddr);
        long microseconds = memory.readLong(virtAddr + Long.BYTES);
        return microseconds >= 0 && microseconds < SECOND / MICROSECOND
                ? sum(seconds, microseconds * MICROSECOND)
                : INVALID;
    }

    private static long sum(long seconds, long nanoseconds) {
        return seconds < 0 ? INVALID : Math.min(seconds, LONGEST_SECONDS) * SECOND + nanoseconds;
    }

    /// Writes `struct timespec`.
    static void write(TaskMemory memory, long virtAddr, long nanoseconds) {
        memory.writeLong(virtAddr, nanoseconds / SECOND);
        memory.writeLong(virtAddr + Long.BYTES, nanoseconds % SECOND);
    }

    /// Writes `struct timeval`.
    static void writeMicroseconds(TaskMemory memory, long virtAddr, long nanoseconds) {
        memory.writeLong(virtAddr, nanoseconds / SECOND);
        memory.writeLong(virtAddr + Long.BYTES, nanoseconds % SECOND / MICROSECOND);
    }

    /// Returns the guest time that lies a duration behind the call's first attempt.
    static long after(Call call, long duration) {
        if (call.pending().hasWaited()) {
            return call.pending().deadline();
        }
        return duration >= PendingCall.NO_DEADLINE - call.now() ? PendingCall.NO_DEADLINE : call.now() + duration;
    }
}
