package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.process.TaskMemory;

/// The pieces of a caller's memory that one transfer reads or writes, as if they were one.
final class UserSegments {
    /// No transfer is longer (MAX_RW_COUNT).
    static final long TRANSFER_LIMIT = 0x7fff_f000L;

    private static final int PIECE_LIMIT = 1024;
    private static final int IOVEC_BYTES = 16;

    private final TaskMemory memory;
    private final List<Piece> pieces;
    private final long sizeBytes;

    private record Piece(long virtAddr, long sizeBytes) {}

    private UserSegments(TaskMemory memory, List<Piece> pieces, long sizeBytes) {
        this.memory = memory;
        this.pieces = pieces;
        this.sizeBytes = Math.min(sizeBytes, TRANSFER_LIMIT);
    }

    /// Returns one piece; a size that is negative as a signed number is refused.
    static Outcome<UserSegments> one(TaskMemory memory, long virtAddr, long sizeBytes) {
        return sizeBytes < 0
                ? Outcome.error(-EINVAL)
                : Outcome.of(new UserSegments(memory, List.of(new Piece(virtAddr, sizeBytes)), sizeBytes));
    }

    /// Returns the pieces that an array of `struct iovec` names (readv(2)).
    static Outcome<UserSegments> vector(TaskMemory memory, long virtAddr, long count) {
        if (count < 0 || count > PIECE_LIMIT) {
            return Outcome.error(-EINVAL);
        }
        List<Piece> pieces = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < count; i++) {
            long base = memory.readLong(virtAddr + (long) i * IOVEC_BYTES);
            long size = memory.readLong(virtAddr + (long) i * IOVEC_BYTES + Long.BYTES);
            if (size < 0 || total + size < 0) {
                return Outcome.error(-EINVAL);
            }
            total += size;
            pieces.add(new Piece(base, size));
        }
        return Outcome.of(new UserSegments(memory, pieces, total));
    }

    /// Returns the bytes of all pieces together, cut to the limit of a transfer.
    long sizeBytes() {
        return sizeBytes;
    }

    /// Copies from the caller, up to the first byte that cannot be read; returns how many were.
    int copyIn(long offset, byte[] into, int count) {
        return copy(offset, into, count, true);
    }

    /// Copies to the caller, up to the first byte that cannot be written; returns how many were.
    int copyOut(long offset, byte[] from, int count) {
        return copy(offset, from, count, false);
    }

    private int copy(long offset, byte[] bytes, int count, boolean isIn) {
        int done = 0;
        long skip = offset;
        for (Piece piece : pieces) {
            if (skip >= piece.sizeBytes()) {
                skip -= piece.sizeBytes();
                continue;
            }
            int part = (int) Math.min(count - done, piece.sizeBytes() - skip);
            long virtAddr = piece.virtAddr() + skip;
            int moved =
                    isIn ? memory.readSome(virtAddr, bytes, done, part) : memory.writeSome(virtAddr, bytes, done, part);
            done += moved;
            skip = 0;
            if (moved < part || done == count) {
                break;
            }
        }
        return done;
    }
}
