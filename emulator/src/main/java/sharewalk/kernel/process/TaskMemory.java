package sharewalk.kernel.process;

import static sharewalk.abi.Errno.EFAULT;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.UserMemory;
import sharewalk.mmu.count.FlushCause;

/// A process's memory as its own system calls see it: every access is translated, and faults are taken on the way.
///
/// What cannot be reached throws [BadAddressException].
public final class TaskMemory implements CallerMemory {
    private final UserMemory userMemory;
    private final AddressSpace space;
    private int sharers = 1;

    /// Creates the view of one address space, whose one user it becomes.
    public TaskMemory(AddressSpace space) {
        this.space = space;
        userMemory = space.user();
    }

    /// Adds a process that shares the memory (CLONE_VM).
    TaskMemory share() {
        sharers++;
        space.retain();
        return this;
    }

    /// Drops a process; the last one unmaps everything.
    void release(FlushCause cause) {
        sharers--;
        space.releaseFor(cause);
    }

    /// Returns whether several processes share the memory.
    boolean isShared() {
        return sharers > 1;
    }

    /// Returns the address space.
    public AddressSpace space() {
        return space;
    }

    /// Reads `sizeBytes` bytes, all or none.
    public byte[] read(long virtAddr, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        if (readSome(virtAddr, bytes, 0, sizeBytes) != sizeBytes) {
            throw new BadAddressException(virtAddr);
        }
        return bytes;
    }

    /// Writes all bytes, or throws with a part of them written.
    public void write(long virtAddr, byte[] bytes) {
        if (writeSome(virtAddr, bytes, 0, bytes.length) != bytes.length) {
            throw new BadAddressException(virtAddr);
        }
    }

    /// Reads up to the first byte that cannot be reached; returns how many were read.
    public int readSome(long virtAddr, byte[] into, int offset, int sizeBytes) {
        return userMemory.read(virtAddr, into, offset, sizeBytes);
    }

    /// Writes up to the first byte that cannot be reached; returns how many were written.
    public int writeSome(long virtAddr, byte[] from, int offset, int sizeBytes) {
        return userMemory.write(virtAddr, from, offset, sizeBytes);
    }

    /// Reads 64 bits.
    public long readLong(long virtAddr) {
        return FrameBytes.wrap(read(virtAddr, Long.BYTES)).getLong();
    }

    /// Reads 32 bits.
    public int readInt(long virtAddr) {
        return FrameBytes.wrap(read(virtAddr, Integer.BYTES)).getInt();
    }

    /// Writes 64 bits.
    public void writeLong(long virtAddr, long value) {
        write(virtAddr, FrameBytes.allocate(Long.BYTES).putLong(value).array());
    }

    /// Writes 32 bits.
    public void writeInt(long virtAddr, int value) {
        write(virtAddr, FrameBytes.allocate(Integer.BYTES).putInt(value).array());
    }

    /// Reads bytes up to a zero, one char per byte; null where there is no zero within `limit` bytes.
    public @Nullable String readString(long virtAddr, int limit) {
        byte[] page = new byte[256];
        StringBuilder text = new StringBuilder();
        while (text.length() < limit) {
            long at = virtAddr + text.length();
            // Never beyond the page of the next byte: the string may end right before an unmapped one.
            int wanted = (int) Math.min(page.length - (at & page.length - 1), limit - text.length());
            if (readSome(at, page, 0, wanted) != wanted) {
                throw new BadAddressException(at);
            }
            for (int i = 0; i < wanted; i++) {
                if (page[i] == 0) {
                    return text.append(new String(page, 0, i, StandardCharsets.ISO_8859_1))
                            .toString();
                }
            }
            text.append(new String(page, 0, wanted, StandardCharsets.ISO_8859_1));
        }
        return null;
    }

    /// Reads at most `limit` bytes up to a zero, one char per byte.
    public String readPrefix(long virtAddr, int limit) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < limit; i++) {
            char next = (char) (read(virtAddr + i, 1)[0] & 0xff);
            if (next == 0) {
                break;
            }
            text.append(next);
        }
        return text.toString();
    }

    @Override
    public long copyIn(long virtAddr, byte[] into) {
        return readSome(virtAddr, into, 0, into.length) == into.length ? 0 : -EFAULT;
    }

    @Override
    public long copyOut(long virtAddr, byte[] from) {
        return writeSome(virtAddr, from, 0, from.length) == from.length ? 0 : -EFAULT;
    }
}
