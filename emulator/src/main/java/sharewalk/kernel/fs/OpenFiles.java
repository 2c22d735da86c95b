package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.ENFILE;

/// The count of all open files of the machine, and its bound (/proc/sys/fs/file-max).
public final class OpenFiles {
    private final long limit;
    private long open;

    OpenFiles(long limit) {
        this.limit = limit;
    }

    /// Returns a new open file description with one reference, or -ENFILE.
    ///
    /// The flags are those F_GETFL tells; the operations' `closed` is not called when this fails.
    public Outcome<OpenFile> open(Location location, String path, FileOperations operations, int flags) {
        if (open >= limit) {
            return Outcome.error(-ENFILE);
        }
        open++;
        return Outcome.of(new OpenFile(location, path, operations, flags, this));
    }

    /// Returns how many are open.
    public long count() {
        return open;
    }

    /// Returns how many may be open.
    public long limit() {
        return limit;
    }

    void closed() {
        open--;
    }
}
