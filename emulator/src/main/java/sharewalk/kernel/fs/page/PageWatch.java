package sharewalk.kernel.fs.page;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.WriteWatch;
import sharewalk.kernel.wait.WaitQueue;

/// What must be told of writes to the pages of a file, by stores and by write(2).
public interface PageWatch extends WriteWatch {
    /// Watches nothing.
    PageWatch NONE = new PageWatch() {};

    /// Tells of a write(2) to a watched page; returns 0 where it may go on, else what `FileOperations.write` returns.
    default long written(long pageIndex) {
        return 0;
    }

    /// Returns where writers wait, or null.
    default @Nullable WaitQueue waiting() {
        return null;
    }
}
