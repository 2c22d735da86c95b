package sharewalk.kernel.share.mshare2022;

import static sharewalk.abi.Errno.ENOENT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemType;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.view.ViewDirectory;
import sharewalk.kernel.fs.view.ViewFileSystem;

/// The pseudo file system `msharefs` of 2022: a file for each region, which tells where it is. Files come and go
/// with mshare() and mshare_unlink() alone; every mount shows the same ones.
final class InfoFileSystem extends ViewFileSystem {
    private static final long MAGIC = 0x4d53_4852;

    private final Root root;

    private InfoFileSystem(FileSystemContext context, MshareCalls calls) {
        super(context, MAGIC);
        this.root = new Root(this, calls);
    }

    /// Returns the type to mount.
    static FileSystemType type(MshareCalls calls) {
        return new Type(calls);
    }

    /// What mount(2) finds by its name.
    private record Type(MshareCalls calls) implements FileSystemType {
        @Override
        public String name() {
            return "msharefs";
        }

        @Override
        public Outcome<FileSystem> create(FileSystemContext context, String options) {
            return Outcome.of(new InfoFileSystem(context, calls));
        }
    }

    @Override
    public String typeName() {
        return "msharefs";
    }

    @Override
    public Directory root() {
        return root;
    }

    /// The directory of all regions.
    private static final class Root extends ViewDirectory {
        private final InfoFileSystem fileSystem;
        private final MshareCalls calls;
        private final Map<NamedRegion, InfoFile> files = new LinkedHashMap<>();

        Root(InfoFileSystem fileSystem, MshareCalls calls) {
            super(fileSystem, null, "");
            this.fileSystem = fileSystem;
            this.calls = calls;
        }

        @Override
        public Outcome<Inode> lookup(String name) {
            NamedRegion region = calls.named(name);
            return region == null
                    ? Outcome.error(-ENOENT)
                    : Outcome.of(files.computeIfAbsent(region, shown -> new InfoFile(fileSystem, shown)));
        }

        @Override
        protected List<String> names() {
            return calls.names();
        }
    }
}
