package sharewalk.kernel.fs.proc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The processes of the machine as /proc shows them.
public interface ProcessTable {
    /// Returns the process on whose behalf the kernel works now, or null when it works for none.
    @Nullable
    ProcessView current();

    /// Returns the process with an id, or null.
    @Nullable
    ProcessView find(int pid);

    /// Returns the ids of all processes, in rising order.
    List<Integer> pids();
}
