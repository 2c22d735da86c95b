package sharewalk.kernel.fs.device;

import java.nio.ByteBuffer;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;

/// /dev/random and /dev/urandom: the machine's random bytes; what is written changes nothing.
public final class RandomDevice implements FileOperations {
    private final GuestRandom random;

    /// Creates the device that draws from a sequence.
    public RandomDevice(GuestRandom random) {
        this.random = random;
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public long seek(OpenFile file, long offset, int whence) {
        return file.position();
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        int count = into.remaining();
        random.fill(into);
        return count;
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        int count = from.remaining();
        from.position(from.limit());
        return count;
    }
}
