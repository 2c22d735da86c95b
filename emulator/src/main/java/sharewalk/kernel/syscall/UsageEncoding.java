package sharewalk.kernel.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.kernel.process.Usage;

/// `struct rusage`, the same on both instruction sets.
final class UsageEncoding {
    private static final int SIZE = 144;
    private static final int MINOR_FAULTS = 64;
    private static final int MAJOR_FAULTS = 72;
    private static final int VOLUNTARY_SWITCHES = 128;
    private static final int INVOLUNTARY_SWITCHES = 136;
    private static final long SECOND = 1_000_000_000L;
    private static final long MICROSECOND = 1_000;

    private UsageEncoding() {}

    /// Returns the sum of what was used, as a whole.
    static byte[] encode(Usage... parts) {
        Usage sum = new Usage();
        for (Usage part : parts) {
            sum.add(part);
        }
        ByteBuffer into = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        into.putLong(0, sum.instructions() / SECOND);
        into.putLong(Long.BYTES, sum.instructions() % SECOND / MICROSECOND);
        into.putLong(MINOR_FAULTS, sum.minorFaults());
        into.putLong(MAJOR_FAULTS, sum.majorFaults());
        into.putLong(VOLUNTARY_SWITCHES, sum.voluntarySwitches());
        into.putLong(INVOLUNTARY_SWITCHES, sum.involuntarySwitches());
        return into.array();
    }
}
