package sharewalk.kernel.fs.view;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.Seek.SEEK_CUR;
import static sharewalk.abi.Seek.SEEK_SET;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;

/// A file to read, whose text is made when reading begins; stat(2) says that it is empty, as of those in /proc. A
/// setting can be written, too.
public final class TextFile extends RegularFile implements FileOperations {
    private final ViewFileSystem fileSystem;
    private final Supplier<String> text;
    private final @Nullable Setting setting;

    /// Creates a file with the given text: one char per byte.
    public TextFile(ViewFileSystem fileSystem, Supplier<String> text) {
        super(fileSystem, 0444);
        this.fileSystem = fileSystem;
        this.text = text;
        this.setting = null;
    }

    /// Creates a file that shows a setting and changes it when written.
    public TextFile(ViewFileSystem fileSystem, Supplier<String> text, Setting setting) {
        super(fileSystem, 0644);
        this.fileSystem = fileSystem;
        this.text = text;
        this.setting = setting;
    }

    /// What is done with text written to a file.
    @FunctionalInterface
    public interface Setting {
        /// Takes the text, without white space around it; returns 0 or a negative error number.
        long set(String text);
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return setting != null || (flags & O_ACCMODE) == O_RDONLY ? Outcome.of(this) : Outcome.error(-EACCES);
    }

    @Override
    public long truncate(long sizeBytes) {
        return setting == null ? -EACCES : 0;
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        if (setting == null) {
            return -EINVAL;
        }
        byte[] written = new byte[from.remaining()];
        from.get(written);
        long error = setting.set(new String(written, ISO_8859_1).strip());
        return error < 0 ? error : written.length;
    }

    @Override
    public long changePermissions(int newPermissions) {
        return -EPERM;
    }

    @Override
    public long changeOwner(int newUid, int newGid) {
        return -EPERM;
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
    public long read(OpenFile file, long position, ByteBuffer into) {
        byte[] content = fileSystem.content(file, position, this);
        int count = Math.clamp(content.length - position, 0, into.remaining());
        into.put(content, (int) Math.min(position, content.length), count);
        return count;
    }

    @Override
    public void closed(OpenFile file) {
        fileSystem.forget(file);
    }

    byte[] render() {
        return text.get().getBytes(ISO_8859_1);
    }
}
