package sharewalk.kernel.share.region;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_RDWR;

import java.util.function.Function;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.NamelessFileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.share.CallingTask;

/// The maker of descriptors that are regions.
public final class RegionDescriptors {
    private static final long MAGIC = 0x0904_1934;

    private final CallingTask caller;
    private final NamelessFileSystem fileSystem;

    /// Creates the place where such regions live.
    public RegionDescriptors(CallingTask caller) {
        this.caller = caller;
        this.fileSystem = new NamelessFileSystem(caller.vfs().mounts().newContext(), "anon_inodefs", MAGIC);
    }

    /// Gives the caller a descriptor, open for reading and writing, of the file that `maker` makes; `flags` may be
    /// O_CLOEXEC and nothing else. Returns it, or a negative error number.
    public long open(int flags, Function<FileSystem, RegionNode> maker) {
        if ((flags & ~O_CLOEXEC) != 0) {
            return -EINVAL;
        }
        RegionNode node = maker.apply(fileSystem);
        Outcome<OpenFile> file =
                caller.vfs().openFiles().open(fileSystem.place(node, node.name()), node.name(), node, O_RDWR);
        return file.isError() ? file.error() : caller.files().add(file.value(), (flags & O_CLOEXEC) != 0);
    }
}
