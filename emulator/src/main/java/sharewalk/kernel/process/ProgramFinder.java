package sharewalk.kernel.process;

import static sharewalk.abi.Errno.E2BIG;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EIO;
import static sharewalk.abi.Errno.ENOEXEC;
import static sharewalk.abi.OpenFlags.O_RDONLY;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.GuestIsa;
import sharewalk.elf.ElfException;
import sharewalk.elf.ElfImage;
import sharewalk.kernel.fs.Credentials;
import sharewalk.kernel.fs.FileStatus;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.MapSource;

/// The finder of programs for exec: walks a path, checks that it may be executed, and reads its ELF headers.
///
/// What it read of a file it keeps for as long as the file stays the same.
public final class ProgramFinder {
    private static final long SIZE_LIMIT = 1L << 30;

    private final Vfs vfs;
    private final GuestIsa isa;
    private final Map<Version, ElfImage> images = new HashMap<>();

    /// A file at one moment of its life.
    private record Version(long device, long inode, long sizeBytes, long modifyTime) {}

    /// Creates a finder of programs for an instruction set.
    ProgramFinder(Vfs vfs, GuestIsa isa) {
        this.vfs = vfs;
        this.isa = isa;
    }

    /// Returns the program at a path, or the error of the path; throws the sentence for a file that is no program.
    public Outcome<ProgramFile> find(PathName path) throws ElfException {
        Outcome<OpenFile> opened = vfs.opener().open(path, O_RDONLY, 0);
        if (opened.isError()) {
            return opened.failed();
        }
        OpenFile file = opened.value();
        boolean isProgram = false;
        try {
            Outcome<ProgramFile> program = examine(file, path);
            isProgram = !program.isError();
            return program;
        } finally {
            if (!isProgram) {
                file.release();
            }
        }
    }

    private Outcome<ProgramFile> examine(OpenFile file, PathName path) throws ElfException {
        boolean mayExecute = path.context().credentials().mayAccess(file.inode(), Credentials.EXECUTE)
                && !file.location().mount().options().noExec();
        if (!(file.inode() instanceof RegularFile) || !mayExecute) {
            return Outcome.error(-EACCES);
        }
        FileStatus status = file.inode().status();
        if (status.sizeBytes() > SIZE_LIMIT) {
            return Outcome.error(-E2BIG);
        }
        Outcome<MapSource> source = file.mapSource();
        if (source.isError()) {
            return Outcome.error(-ENOEXEC);
        }
        Version version = new Version(status.device(), status.inode(), status.sizeBytes(), status.modifyTime());
        @Nullable ElfImage image = images.get(version);
        if (image == null) {
            byte[] bytes = new byte[(int) status.sizeBytes()];
            if (!readAll(file, bytes)) {
                return Outcome.error(-EIO);
            }
            image = ElfImage.parse(bytes, path.text(), isa);
            images.put(version, image);
        }
        return Outcome.of(new ProgramFile(path.text(), image, source.value(), file));
    }

    private static boolean readAll(OpenFile file, byte[] into) {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining()) {
            if (file.readAt(buffer.position(), buffer) <= 0) {
                return false;
            }
        }
        return true;
    }
}
