package sharewalk.kernel.fs.device;

import static sharewalk.abi.Errno.ENOSPC;

import java.nio.ByteBuffer;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.fs.tmp.MemoryFiles;
import sharewalk.kernel.mm.MapSource;

/// The devices that hold nothing: /dev/null, /dev/zero, /dev/full.
public abstract sealed class MemoryDevice implements FileOperations {
    /// Returns /dev/null: reads end at once, writes vanish.
    public static FileOperations ofNull() {
        return new Null();
    }

    /// Returns /dev/zero: reads give zeros, writes vanish, mappings give memory.
    public static FileOperations ofZeros(MemoryFiles memoryFiles) {
        return new Zero(memoryFiles);
    }

    /// Returns /dev/full: reads give zeros, writes find no space.
    public static FileOperations ofFull() {
        return new Full();
    }

    @Override
    public final boolean isSeekable() {
        return true;
    }

    @Override
    public final long seek(OpenFile file, long offset, int whence) {
        return 0;
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        int count = into.remaining();
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
        return count;
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        int count = from.remaining();
        from.position(from.limit());
        return count;
    }

    private static final class Null extends MemoryDevice {
        @Override
        public long read(OpenFile file, long position, ByteBuffer into) {
            return 0;
        }
    }

    private static final class Zero extends MemoryDevice {
        private final MemoryFiles memoryFiles;

        Zero(MemoryFiles memoryFiles) {
            this.memoryFiles = memoryFiles;
        }

        @Override
        public Outcome<MapSource> mapSource(OpenFile file) {
            return memoryFiles.zeros(PagedFile.SIZE_LIMIT, "/dev/zero");
        }
    }

    private static final class Full extends MemoryDevice {
        @Override
        public long write(OpenFile file, long position, ByteBuffer from) {
            return -ENOSPC;
        }
    }
}
