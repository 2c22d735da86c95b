package sharewalk.kernel.share.msharefs;

import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemType;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.mm.MemoryContext;

/// The file-system type `msharefs`: every mount is a new, empty instance; options are not looked at (patch 1).
final class MshareFileSystemType implements FileSystemType {
    private final MemoryContext memory;
    private final RegionOwners owners;

    MshareFileSystemType(MemoryContext memory, RegionOwners owners) {
        this.memory = memory;
        this.owners = owners;
    }

    @Override
    public String name() {
        return "msharefs";
    }

    @Override
    public Outcome<FileSystem> create(FileSystemContext context, String options) {
        return Outcome.of(new MshareFileSystem(context, memory, owners));
    }
}
