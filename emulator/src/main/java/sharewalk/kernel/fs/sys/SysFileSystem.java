package sharewalk.kernel.fs.sys;

import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.view.HugePageFiles;
import sharewalk.kernel.fs.view.ViewDirectory;
import sharewalk.kernel.fs.view.ViewFileSystem;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugePagePool;

/// The file system at /sys.
public final class SysFileSystem extends ViewFileSystem {
    private static final long MAGIC = 0x6265_6572;

    private final ViewDirectory root;

    private SysFileSystem(FileSystemContext context) {
        super(context, MAGIC);
        this.root = new ViewDirectory(this, null, "");
    }

    /// Creates the file system of a machine with so many harts: only shared memory can have transparent huge pages, and
    /// /sys/fs/mshare is an empty directory to mount upon.
    public static SysFileSystem of(FileSystemContext context, int harts, HugeMemory hugeMemory) {
        SysFileSystem made = new SysFileSystem(context);
        ViewDirectory hugePages = made.root.directory("kernel").directory("mm").directory("transparent_hugepage");
        hugePages.addText("enabled", () -> "always madvise [never]\n");
        HugePageFiles.addShmem(hugePages, hugeMemory);
        ViewDirectory pools = made.root.directory("kernel").directory("mm").directory("hugepages");
        for (HugePagePool pool : hugeMemory.all()) {
            HugePageFiles.addAll(pools.directory("hugepages-%dkB".formatted(pool.pageBytes() >> 10)), pool);
        }
        ViewDirectory cpus = made.root.directory("devices").directory("system").directory("cpu");
        String all = harts == 1 ? "0\n" : "0-" + (harts - 1) + "\n";
        cpus.addText("online", () -> all);
        cpus.addText("possible", () -> all);
        ViewDirectory _ = made.root.directory("fs").directory("mshare");
        return made;
    }

    @Override
    public String typeName() {
        return "sysfs";
    }

    @Override
    public Directory root() {
        return root;
    }
}
