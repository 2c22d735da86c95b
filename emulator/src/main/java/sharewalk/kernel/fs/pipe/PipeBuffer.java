package sharewalk.kernel.fs.pipe;

import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import java.nio.ByteBuffer;
import sharewalk.kernel.fs.page.PageFrames;

/// The bytes in a pipe, oldest first, in a ring of frames that are had only while they hold something.
final class PipeBuffer {
    /// How many bytes a pipe holds.
    static final int CAPACITY = 65536;

    private static final int SLOTS = CAPACITY / FRAME_BYTES;
    private static final long NOTHING = 0;

    private final PageFrames frames;
    private final long[] pfns = new long[SLOTS];

    /// How many bytes were ever read and written; their places in the ring follow from that.
    private long readBytes;

    private long writtenBytes;

    PipeBuffer(PageFrames frames) {
        this.frames = frames;
    }

    /// Returns how many bytes there are to read.
    int available() {
        return (int) (writtenBytes - readBytes);
    }

    /// Returns how many bytes there is room for.
    int room() {
        return CAPACITY - available();
    }

    /// Moves bytes out, as many as there are and fit; returns how many.
    int read(ByteBuffer into) {
        int wanted = Math.min(into.remaining(), available());
        int done = 0;
        while (done < wanted) {
            int start = (int) readBytes & FRAME_BYTES - 1;
            int count = Math.min(wanted - done, FRAME_BYTES - start);
            frames.read(pfns[slot(readBytes)], start, into.array(), into.arrayOffset() + into.position(), count);
            into.position(into.position() + count);
            int left = slot(readBytes);
            readBytes += count;
            done += count;
            // The newest bytes may lie in the frame of the oldest, before them.
            boolean isShared = available() > 0 && slot(writtenBytes - 1) == left;
            if (available() == 0 || (slot(readBytes) != left && !isShared)) {
                release(left);
            }
        }
        return done;
    }

    /// Moves bytes in, as many as there is room for; returns how many, or the negative errno that no frame could
    /// be had.
    long write(ByteBuffer from, int count) {
        int wanted = Math.min(count, room());
        long error = reserve(wanted);
        if (error < 0) {
            return error;
        }
        int done = 0;
        while (done < wanted) {
            int start = (int) writtenBytes & FRAME_BYTES - 1;
            int part = Math.min(wanted - done, FRAME_BYTES - start);
            frames.write(pfns[slot(writtenBytes)], start, from.array(), from.arrayOffset() + from.position(), part);
            from.position(from.position() + part);
            writtenBytes += part;
            done += part;
        }
        return done;
    }

    /// Forgets all bytes.
    void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            release(slot);
        }
        readBytes = 0;
        writtenBytes = 0;
    }

    /// Gets the frames for so many more bytes: all of them or none.
    private long reserve(int count) {
        int needed = 0;
        long firstPage = writtenBytes >>> FRAME_SHIFT;
        long endPage = (writtenBytes + count + FRAME_BYTES - 1) >>> FRAME_SHIFT;
        for (long page = firstPage; page < endPage; page++) {
            needed += pfns[(int) (page % SLOTS)] == NOTHING ? 1 : 0;
        }
        if (needed > frames.freeFrames()) {
            return -ENOMEM;
        }
        for (long page = firstPage; page < endPage; page++) {
            int slot = (int) (page % SLOTS);
            pfns[slot] = pfns[slot] == NOTHING ? frames.allocate() : pfns[slot];
        }
        return 0;
    }

    private void release(int slot) {
        if (pfns[slot] != NOTHING) {
            frames.release(pfns[slot]);
            pfns[slot] = NOTHING;
        }
    }

    private static int slot(long position) {
        return (int) (position >>> FRAME_SHIFT) & SLOTS - 1;
    }
}
