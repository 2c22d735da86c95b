package sharewalk.kernel.share.msharefs;

import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemType;
import sharewalk.kernel.fs.Outcome;

/// The file-system type `msharefs`: every mount is a new, empty instance; options are not looked at (patch 1).
final class MshareFileSystemType implements FileSystemType {
    private final Surroundings surroundings;

    MshareFileSystemType(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public String name() {
        return "msharefs";
    }

    @Override
    public Outcome<FileSystem> create(FileSystemContext context, String options) {
        return Outcome.of(new MshareFileSystem(context, surroundings));
    }
}
