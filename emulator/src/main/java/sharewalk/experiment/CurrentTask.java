package sharewalk.experiment;

import sharewalk.kernel.Kernel;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.share.CallingTask;

/// The task a kernel works for, as sharing designs see it.
record CurrentTask(Kernel kernel) implements CallingTask {
    @Override
    public long id() {
        Task task = kernel.currentTask();
        return task == null ? 0 : task.tid();
    }

    @Override
    public FileTable files() {
        return process().files();
    }

    @Override
    public FsContext fs() {
        return process().fs();
    }

    @Override
    public Vfs vfs() {
        return kernel.services().files().vfs();
    }

    @Override
    public CallerMemory memory() {
        return process().memory();
    }

    @Override
    public AddressSpace space() {
        return process().memory().space();
    }

    private GuestProcess process() {
        Task task = kernel.currentTask();
        if (task == null) {
            throw new IllegalStateException("no task calls");
        }
        return task.process();
    }
}
