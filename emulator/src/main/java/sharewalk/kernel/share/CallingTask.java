package sharewalk.kernel.share;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;

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
