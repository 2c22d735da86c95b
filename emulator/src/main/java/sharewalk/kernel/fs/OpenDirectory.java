package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Seek.SEEK_CUR;
import static sharewalk.abi.Seek.SEEK_SET;

import java.nio.ByteBuffer;

/// What can be done with an open directory: list it, from a position.
final class OpenDirectory implements FileOperations {
    private final Directory directory;

    OpenDirectory(Directory directory) {
        this.directory = directory;
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        return -EISDIR;
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public long seek(OpenFile file, long offset, int whence) {
        if (whence != SEEK_SET && whence != SEEK_CUR) {
            return -EINVAL;
        }
        long position = whence == SEEK_SET ? offset : file.position() + offset;
        return position < 0 ? -EINVAL : position;
    }

    @Override
    public long allocate(OpenFile file, int mode, long offset, long sizeBytes) {
        return -EISDIR;
    }

    /// Returns the directory.
    Directory directory() {
        return directory;
    }
}
