package sharewalk.kernel.share.sharedpt;

import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.share.CallingTask;

/// The caller of designs that never ask who calls.
record NoTask() implements CallingTask {
    @Override
    public long id() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileTable files() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FsContext fs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Vfs vfs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CallerMemory memory() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AddressSpace space() {
        throw new UnsupportedOperationException();
    }
}
