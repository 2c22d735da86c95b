package sharewalk.kernel.fs;

import sharewalk.abi.FileMode;

/// A character device.
public abstract non-sealed class CharacterDevice extends Inode {
    private final long specialDevice;

    /// Creates a device file with its number.
    protected CharacterDevice(FileSystem fileSystem, int permissions, long specialDevice) {
        super(fileSystem, permissions, 1);
        this.specialDevice = specialDevice;
    }

    /// Returns the number of a device as stat(2) gives it.
    public static long numberOf(int major, int minor) {
        long majorBits = (long) (major & ~0xfff) << 32 | (long) (major & 0xfff) << 8;
        return majorBits | (long) (minor & ~0xff) << 12 | (minor & 0xff);
    }

    @Override
    public final int type() {
        return FileMode.S_IFCHR;
    }

    @Override
    public final long specialDevice() {
        return specialDevice;
    }
}
