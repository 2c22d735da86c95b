package sharewalk.kernel.share;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapSource;

/// The task on whose behalf the kernel works now.
///
/// Preconditions:
/// - only its id is asked for when it has exited
public interface CallingTask {
    /// Returns its id, which no other task has while it lives.
    long id();

    /// Returns the file behind one of its descriptors, or null.
    default @Nullable OpenFile file(int descriptor) {
        return files().get(descriptor);
    }

    /// Returns the open file of one of its descriptors as mmap(2) sees it, or null when there is none to map: the
    /// descriptor is not open, or a mere path.
    default @Nullable FileToMap fileToMap(int descriptor) {
        @Nullable OpenFile file = file(descriptor);
        if (file == null || file.isPathOnly()) {
            return null;
        }
        Outcome<MapSource> source = file.mapSource();
        @Nullable MapSource mapped = source.isError() ? null : source.value();
        boolean writable = file.canWrite() && file.refusalToMapForWriting() == 0;
        boolean executable = !file.location().mount().options().noExec();
        return new FileToMap(file.canRead(), writable, executable, mapped);
    }

    /// Returns its descriptors.
    FileTable files();

    /// Returns its place in the tree of files.
    FsContext fs();

    /// Returns the tree of files.
    Vfs vfs();

    /// Returns its memory as arguments of its calls point into it.
    CallerMemory memory();

    /// Returns its address space.
    AddressSpace space();
}
