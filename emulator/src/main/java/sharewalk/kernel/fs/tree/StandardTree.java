package sharewalk.kernel.fs.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static sharewalk.abi.Errno.EEXIST;

import java.io.IOException;
import java.nio.file.Path;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.fs.PathWalker;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.fs.event.EventFiles;
import sharewalk.kernel.fs.host.HostFile;
import sharewalk.kernel.fs.host.HostFileSystem;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.pipe.Pipes;
import sharewalk.kernel.fs.proc.ProcFileSystem;
import sharewalk.kernel.fs.sys.SysFileSystem;
import sharewalk.kernel.fs.tmp.HugeFileSystemType;
import sharewalk.kernel.fs.tmp.MemoryFiles;
import sharewalk.kernel.fs.tmp.TmpDirectory;
import sharewalk.kernel.fs.tmp.TmpFileSystem;
import sharewalk.kernel.fs.tmp.TmpFileSystemType;

/// A machine's files: a tmpfs as root with /bin, /dev, /proc, /sys, /tmp and the like, and makers of files
/// without names.
public final class StandardTree {
    private static final String[] DIRECTORIES = {
        "bin", "dev", "etc", "home", "lib", "mnt", "proc", "root", "run", "sys", "tmp", "usr", "var"
    };

    /// Linux lets one file be open for each 10 KiB of RAM.
    private static final long BYTES_PER_OPEN_FILE = 10240;

    private final Vfs vfs;
    private final PageFrames frames;
    private final TmpFileSystem rootFileSystem;
    private final FsContext setup;
    private final MemoryFiles memoryFiles;
    private final Pipes pipes;
    private final EventFiles eventFiles;
    private final StandardFiles standardFiles;

    private StandardTree(TreeSettings settings) {
        frames = settings.frames();
        vfs = new Vfs(settings.clock(), Math.max(frames.allFrames() * 4096 / BYTES_PER_OPEN_FILE, 256));
        rootFileSystem = TmpFileSystem.ofDefaultSize(vfs.mounts().newContext(), frames, 0755);
        mustSucceed(vfs.mounts().attach(rootFileSystem, "rootfs", null, MountOptions.DEFAULT));
        setup = vfs.rootContext();
        memoryFiles = new MemoryFiles(vfs.mounts().newContext(), frames, settings.hugeMemory(), vfs.openFiles());
        pipes = new Pipes(vfs.mounts().newContext(), frames, vfs.openFiles());
        eventFiles = new EventFiles(vfs.mounts().newContext(), vfs.openFiles());
        standardFiles = new StandardFiles(vfs, settings.streams());
    }

    /// Creates the tree of a machine.
    public static StandardTree of(TreeSettings settings) {
        StandardTree tree = new StandardTree(settings);
        tree.vfs.mounts().register(new TmpFileSystemType(tree.frames, settings.hugeMemory()));
        tree.vfs.mounts().register(new HugeFileSystemType(tree.frames, settings.hugeMemory()));
        for (String name : DIRECTORIES) {
            mustSucceed(tree.rootFileSystem.top().makeDirectory(name, 0755));
        }
        tree.mountMemory("/dev", 0755);
        tree.mountMemory("/tmp", 01777);
        tree.makeDirectories("/dev/shm");
        tree.mountMemory("/dev/shm", 01777);
        ProcFileSystem proc =
                ProcFileSystem.of(tree.vfs.mounts(), settings.processes(), settings.system(), settings.hugeMemory());
        mustSucceed(tree.vfs.mounts().attach(proc, "proc", tree.place("/proc"), MountOptions.DEFAULT));
        int harts = settings.system().harts();
        SysFileSystem sys = SysFileSystem.of(tree.vfs.mounts().newContext(), harts, settings.hugeMemory());
        mustSucceed(tree.vfs.mounts().attach(sys, "sysfs", tree.place("/sys"), MountOptions.DEFAULT));
        TmpDirectory dev = (TmpDirectory) tree.place("/dev").inode();
        StandardDevices.fill(dev, tree.memoryFiles, settings.random());
        return tree;
    }

    /// Returns the tree and the operations on paths.
    public Vfs vfs() {
        return vfs;
    }

    /// Returns the maker of memfds.
    public MemoryFiles memoryFiles() {
        return memoryFiles;
    }

    /// Returns the maker of pipes.
    public Pipes pipes() {
        return pipes;
    }

    /// Returns the maker of event counters.
    public EventFiles eventFiles() {
        return eventFiles;
    }

    /// Returns the descriptors of a first process: 0, 1 and 2 on the machine's standard streams.
    public FileTable newFileTable() {
        FileTable files = new FileTable();
        standardFiles.openInto(files);
        return files;
    }

    /// Hands what guests wrote to the standard streams on to the host; at exit, and before the machine waits.
    public void flush() throws IOException {
        standardFiles.flush();
    }

    /// Shows a directory of the host at a place in the tree, read-only; directories on the way are made.
    public void mountHostDirectory(Path hostDirectory, String guestPath) throws IOException {
        HostFileSystem shown = HostFileSystem.of(vfs.mounts().newContext(), hostDirectory, frames);
        String path = bytesOf(guestPath);
        makeDirectories(path);
        mustSucceed(vfs.mounts().attach(shown, hostDirectory.toString(), place(path), MountOptions.READ_ONLY));
    }

    /// Shows a file of the host at a place in the tree, executable, read-only; directories on the way are made.
    public void addProgram(Path hostFile, String guestPath) throws IOException {
        HostFile program = HostFileSystem.program(vfs.mounts().newContext(), hostFile, frames);
        String path = bytesOf(guestPath);
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        makeDirectories(path.substring(0, slash + 1));
        boolean isName = !name.isEmpty() && !name.equals(".") && !name.equals("..");
        if (!isName || !(place(path.substring(0, slash + 1)).inode() instanceof TmpDirectory directory)) {
            throw new IllegalArgumentException("no program can be shown at " + guestPath);
        }
        if (!directory.lookup(name).isError()) {
            throw new IllegalArgumentException("two programs at " + guestPath);
        }
        directory.place(name, program);
    }

    /// Makes a directory and all above it, as far as they are missing.
    public void makeDirectories(String guestPath) {
        for (int end = guestPath.indexOf('/', 1); end > 0; end = guestPath.indexOf('/', end + 1)) {
            makeDirectory(guestPath.substring(0, end));
        }
        makeDirectory(guestPath);
    }

    private void makeDirectory(String path) {
        long error = vfs.names().makeDirectory(PathName.of(setup, path), 0755);
        if (error < 0 && error != -EEXIST) {
            throw new IllegalArgumentException("cannot make directory " + path + ": errno " + -error);
        }
    }

    private void mountMemory(String path, int permissions) {
        TmpFileSystem made = TmpFileSystem.ofDefaultSize(vfs.mounts().newContext(), frames, permissions);
        mustSucceed(vfs.mounts().attach(made, "tmpfs", place(path), MountOptions.DEFAULT));
    }

    private Location place(String path) {
        Outcome<Location> found = vfs.walker().find(PathName.of(setup, path), true);
        if (found.isError()) {
            throw new IllegalArgumentException("no such directory: " + path);
        }
        return found.value();
    }

    private static void mustSucceed(Outcome<?> outcome) {
        if (outcome.isError()) {
            throw new IllegalArgumentException("the tree cannot be set up: errno " + -outcome.error());
        }
    }

    private static String bytesOf(String guestPath) {
        String path = new String(guestPath.getBytes(UTF_8), ISO_8859_1);
        if (!path.startsWith("/") || path.length() >= PathWalker.PATH_LIMIT || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an absolute path: " + guestPath);
        }
        return path;
    }
}
