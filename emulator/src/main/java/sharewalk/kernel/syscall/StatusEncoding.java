package sharewalk.kernel.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.abi.StatLayout;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.fs.FileStatus;
import sharewalk.kernel.fs.FileSystemStatus;

/// The structures in which files and file systems describe themselves to a guest.
final class StatusEncoding {
    private static final long SECOND = 1_000_000_000L;
    private static final int STATX_BYTES = 256;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATFS_BYTES = 120;

    private StatusEncoding() {}

    /// Returns `struct stat` of an instruction set.
    static byte[] stat(FileStatus status, GuestIsa isa) {
        StatLayout layout = switch (isa) {
            case RiscV64 _ -> StatLayout.RISCV;
            case X86_64 _ -> StatLayout.X86;
        };
        byte[] bytes = new byte[layout.sizeBytes()];
        ByteBuffer into = wrap(bytes);
        into.putLong(StatLayout.DEVICE, status.device()).putLong(StatLayout.INODE, status.inode());
        into.putInt(layout.mode(), status.mode());
        put(into, layout.links(), layout.linksBytes(), status.links());
        into.putInt(layout.uid(), status.uid()).putInt(layout.gid(), status.gid());
        into.putLong(layout.specialDevice(), status.specialDevice()).putLong(layout.size(), status.sizeBytes());
        put(into, layout.blockSize(), layout.blockSizeBytes(), status.blockSize());
        into.putLong(StatLayout.BLOCKS, status.blocks());
        putTime(into, layout.accessTime(), status.accessTime());
        putTime(into, layout.modifyTime(), status.modifyTime());
        putTime(into, layout.changeTime(), status.changeTime());
        return bytes;
    }

    /// Returns `struct statx`, the same on both instruction sets.
    static byte[] statx(FileStatus status) {
        byte[] bytes = new byte[STATX_BYTES];
        ByteBuffer into = wrap(bytes);
        into.putInt(STATX_BASIC_STATS).putInt((int) status.blockSize()).putLong(0);
        into.putInt((int) status.links()).putInt(status.uid()).putInt(status.gid());
        into.putShort((short) status.mode()).putShort((short) 0);
        into.putLong(status.inode())
                .putLong(status.sizeBytes())
                .putLong(status.blocks())
                .putLong(0);
        putShortTime(into, status.accessTime());
        putShortTime(into, 0);
        putShortTime(into, status.changeTime());
        putShortTime(into, status.modifyTime());
        into.putInt(major(status.specialDevice())).putInt(minor(status.specialDevice()));
        into.putInt(major(status.device())).putInt(minor(status.device()));
        return bytes;
    }

    /// Returns `struct statfs`, the same on both instruction sets.
    static byte[] statfs(FileSystemStatus status) {
        byte[] bytes = new byte[STATFS_BYTES];
        ByteBuffer into = wrap(bytes);
        into.putLong(status.magic()).putLong(status.blockSize());
        into.putLong(status.blocks()).putLong(status.freeBlocks()).putLong(status.freeBlocks());
        into.putLong(status.inodes()).putLong(status.freeInodes());
        into.putLong(status.fileSystemId()).putLong(status.nameLengthLimit()).putLong(status.blockSize());
        return bytes;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer into, int offset, int width, long value) {
        if (width == Long.BYTES) {
            into.putLong(offset, value);
        } else {
            into.putInt(offset, (int) value);
        }
    }

    private static void putTime(ByteBuffer into, int offset, long nanoseconds) {
        into.putLong(offset, Math.floorDiv(nanoseconds, SECOND));
        into.putLong(offset + Long.BYTES, Math.floorMod(nanoseconds, SECOND));
    }

    private static void putShortTime(ByteBuffer into, long nanoseconds) {
        into.putLong(Math.floorDiv(nanoseconds, SECOND));
        into.putInt((int) Math.floorMod(nanoseconds, SECOND)).putInt(0);
    }

    private static int major(long device) {
        return (int) (device >>> 8 & 0xfff | device >>> 32 & 0xffff_f000L);
    }

    private static int minor(long device) {
        return (int) (device & 0xff | device >>> 12 & 0xffff_ff00L);
    }
}
