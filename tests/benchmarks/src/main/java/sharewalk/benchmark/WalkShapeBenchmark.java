package sharewalk.benchmark;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The price of ways to return a walk's answer: the same 3-level walk, each time another shape. Run with `-prof gc`.
///
/// Entries are as on RISC-V: bit 0 valid, bits 1 to 3 rights (none: a table), frame number from bit 10 on. One page in
/// sixteen is absent, so that both outcomes occur.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class WalkShapeBenchmark {
    private static final int FRAMES = 64;
    private static final int PAGES = 1024;
    private static final int ROOT_LEVEL = 2;
    private static final int ABSENT_EVERY = 16;
    private static final long STRIDE = 37;
    private static final long VALID = 1;
    private static final long RIGHTS = 0b1110;
    private static final long ABSENT = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ram = arena.allocate((long) FRAMES << 12, 4096);
    private final Holder holder = new Holder();
    private long next;

    /// The outcome of a walk.
    public sealed interface Result {
        /// A translation.
        record Found(long physAddr, int level) implements Result {}

        /// A fault, and the level it was met at.
        record Fault(int level) implements Result {}
    }

    /// An entry, decoded.
    private sealed interface Entry {
        record Absent() implements Entry {}

        record Table(long pfn) implements Entry {}

        record Leaf(long pfn) implements Entry {}
    }

    /// A result to be filled again and again.
    private static final class Holder {
        private long physAddr;
        private int level;
        private boolean found;
    }

    /// Writes a root in frame 1, one table below it in frame 2, and leaf tables from frame 3 on.
    @Setup
    public void buildTables() {
        setEntry(1, 0, 2L << 10 | VALID);
        for (int page = 0; page < PAGES; page++) {
            int table = page >> 9;
            setEntry(2, table, (3L + table) << 10 | VALID);
            setEntry(3 + table, page & 511, page % ABSENT_EVERY == 0 ? 0 : (page % FRAMES) << 10 | RIGHTS | VALID);
        }
    }

    /// Gives the memory back.
    @TearDown
    public void close() {
        arena.close();
    }

    private void setEntry(int frame, int index, long pte) {
        ram.set(JAVA_LONG, entryAddress(frame, index), pte);
    }

    private static long entryAddress(long frame, long index) {
        return (frame << 12) + (index << 3);
    }

    private long entry(long frame, long virtAddr, int level) {
        return ram.get(JAVA_LONG, entryAddress(frame, virtAddr >>> (12 + 9 * level) & 511));
    }

    private static boolean isLeaf(long pte) {
        return (pte & RIGHTS) != 0;
    }

    private static long physAddr(long pfn, long virtAddr) {
        return pfn << 12 | (virtAddr & 4095);
    }

    private long nextVirtAddr() {
        next = next + STRIDE & PAGES - 1;
        return next << 12;
    }

    /// The address, or a negative number.
    @Benchmark
    public long packedLong() {
        return walkToLong(nextVirtAddr());
    }

    private long walkToLong(long virtAddr) {
        long frame = 1;
        for (int level = ROOT_LEVEL; level >= 0; level--) {
            long pte = entry(frame, virtAddr, level);
            if ((pte & VALID) == 0) {
                return ABSENT - level;
            }
            frame = pte >>> 10;
            if (isLeaf(pte)) {
                return physAddr(frame, virtAddr);
            }
        }
        return ABSENT;
    }

    /// A sealed result record.
    @Benchmark
    public long sealedResult() {
        return valueOf(walkToResult(nextVirtAddr()));
    }

    private static long valueOf(Result result) {
        return switch (result) {
            case Result.Found(long physAddr, int level) -> physAddr + level;
            case Result.Fault(int level) -> ABSENT - level;
        };
    }

    private Result walkToResult(long virtAddr) {
        long frame = 1;
        for (int level = ROOT_LEVEL; level >= 0; level--) {
            long pte = entry(frame, virtAddr, level);
            if ((pte & VALID) == 0) {
                return new Result.Fault(level);
            }
            frame = pte >>> 10;
            if (isLeaf(pte)) {
                return new Result.Found(physAddr(frame, virtAddr), level);
            }
        }
        return new Result.Fault(0);
    }

    /// A mutable holder, used for every walk.
    @Benchmark
    public long reusedHolder() {
        walkInto(nextVirtAddr(), holder);
        return holder.found ? holder.physAddr + holder.level : ABSENT - holder.level;
    }

    private void walkInto(long virtAddr, Holder into) {
        into.found = false;
        long frame = 1;
        for (int level = ROOT_LEVEL; level >= 0; level--) {
            into.level = level;
            long pte = entry(frame, virtAddr, level);
            if ((pte & VALID) == 0) {
                return;
            }
            frame = pte >>> 10;
            if (isLeaf(pte)) {
                into.physAddr = physAddr(frame, virtAddr);
                into.found = true;
                return;
            }
        }
    }

    /// A sealed result, and a sealed entry at each level.
    @Benchmark
    public long sealedResultAndEntries() {
        return valueOf(walkDecoding(nextVirtAddr()));
    }

    private Result walkDecoding(long virtAddr) {
        long frame = 1;
        for (int level = ROOT_LEVEL; level >= 0; level--) {
            switch (decode(entry(frame, virtAddr, level))) {
                case Entry.Absent() -> {
                    return new Result.Fault(level);
                }
                case Entry.Leaf(long pfn) -> {
                    return new Result.Found(physAddr(pfn, virtAddr), level);
                }
                case Entry.Table(long pfn) -> frame = pfn;
            }
        }
        return new Result.Fault(0);
    }

    private static Entry decode(long pte) {
        if ((pte & VALID) == 0) {
            return new Entry.Absent();
        }
        return isLeaf(pte) ? new Entry.Leaf(pte >>> 10) : new Entry.Table(pte >>> 10);
    }
}
