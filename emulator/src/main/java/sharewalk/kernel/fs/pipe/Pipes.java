package sharewalk.kernel.fs.pipe;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.NamelessFileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.OpenFiles;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;

/// The maker of pipes (pipe2(2)).
public final class Pipes {
    /// How many bytes a pipe holds (F_GETPIPE_SZ).
    public static final int CAPACITY = PipeBuffer.CAPACITY;

    private static final long MAGIC = 0x5049_5045;

    private final NamelessFileSystem fileSystem;
    private final PageFrames frames;
    private final OpenFiles openFiles;

    /// Creates the place where pipes live.
    public Pipes(FileSystemContext context, PageFrames frames, OpenFiles openFiles) {
        this.fileSystem = new NamelessFileSystem(context, "pipefs", MAGIC);
        this.frames = frames;
        this.openFiles = openFiles;
    }

    /// The two open ends of a new pipe, each with one reference.
    public record Ends(OpenFile reader, OpenFile writer) {}

    /// Makes a pipe; the flags are O_NONBLOCK and O_CLOEXEC, the latter left to the descriptors.
    public Outcome<Ends> make(int flags) {
        if ((flags & ~(O_NONBLOCK | O_CLOEXEC)) != 0) {
            return Outcome.error(-EINVAL);
        }
        Pipe pipe = new Pipe(fileSystem, frames).withoutName();
        Outcome<OpenFile> reader = end(pipe, O_RDONLY | (flags & O_NONBLOCK));
        if (reader.isError()) {
            return reader.failed();
        }
        Outcome<OpenFile> writer = end(pipe, O_WRONLY | (flags & O_NONBLOCK));
        if (writer.isError()) {
            reader.value().release();
            return writer.failed();
        }
        return Outcome.of(new Ends(reader.value(), writer.value()));
    }

    private Outcome<OpenFile> end(Pipe pipe, int flags) {
        String name = "pipe:[" + pipe.number() + "]";
        Outcome<FileOperations> operations = pipe.open(flags);
        if (operations.isError()) {
            return operations.failed();
        }
        Outcome<OpenFile> file = openFiles.open(fileSystem.place(pipe, name), name, operations.value(), flags);
        if (file.isError()) {
            pipe.close(flags);
        }
        return file;
    }
}
