package sharewalk.kernel.fs.view;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemStatus;
import sharewalk.kernel.fs.OpenFile;

/// A file system of views.
///
/// It keeps the content that was read last, and only that, so that a file read in parts is of one piece and
/// thousands of open files cost nothing.
public abstract class ViewFileSystem extends FileSystem {
    private static final byte[] NOTHING = {};

    private final long magic;
    private @Nullable OpenFile lastRead;
    private byte[] lastContent = NOTHING;

    /// Creates one with the magic number of its type.
    protected ViewFileSystem(FileSystemContext context, long magic) {
        super(context);
        this.magic = magic;
    }

    @Override
    public final FileSystemStatus status() {
        return FileSystemStatus.withoutBlocks(magic);
    }

    /// Returns the content of an open file: made afresh at its beginning, and when another file was read
    /// meanwhile.
    byte[] content(OpenFile file, long position, TextFile text) {
        if (position == 0 || lastRead != file) {
            lastContent = text.render();
            lastRead = file;
        }
        return lastContent;
    }

    /// Lets go of the content of a file that is being closed.
    void forget(OpenFile file) {
        if (lastRead == file) {
            lastRead = null;
            lastContent = NOTHING;
        }
    }
}
