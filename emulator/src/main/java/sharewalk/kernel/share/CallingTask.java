package sharewalk.kernel.share;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.OpenFile;

/// The task on whose behalf the kernel works now.
public interface CallingTask {
    /// Returns its id, which no other task has while it lives.
    long id();

    /// Returns the file behind one of its descriptors, or null.
    @Nullable
    OpenFile file(int descriptor);
}
