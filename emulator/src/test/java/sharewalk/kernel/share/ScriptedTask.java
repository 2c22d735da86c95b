package sharewalk.kernel.share;

import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.process.TaskMemory;

/// The task that calls in a test of a design: whichever of several the test says, all at the root of one tree.
public final class ScriptedTask implements CallingTask {
    private final Vfs vfs;
    private FileTable files = new FileTable();
    private long id = 1;
    private AddressSpace space;
    private CallerMemory memory;

    /// Creates a caller with the id 1, no descriptor, and a memory.
    public ScriptedTask(Vfs vfs, AddressSpace space) {
        this.vfs = vfs;
        this.space = space;
        this.memory = new TaskMemory(space);
    }

    /// Makes another task the caller.
    public void become(long newId, AddressSpace newSpace, FileTable newFiles) {
        id = newId;
        space = newSpace;
        memory = new TaskMemory(newSpace);
        files = newFiles;
    }

    /// Makes another task of the same process the caller.
    public void become(long newId) {
        id = newId;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public FileTable files() {
        return files;
    }

    @Override
    public FsContext fs() {
        return vfs.rootContext();
    }

    @Override
    public Vfs vfs() {
        return vfs;
    }

    @Override
    public CallerMemory memory() {
        return memory;
    }

    @Override
    public AddressSpace space() {
        return space;
    }
}
