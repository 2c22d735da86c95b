package sharewalk.kernel.process;

import static sharewalk.abi.ResourceLimits.RLIMIT_CORE;
import static sharewalk.abi.ResourceLimits.RLIMIT_NOFILE;
import static sharewalk.abi.ResourceLimits.RLIMIT_STACK;
import static sharewalk.abi.ResourceLimits.RLIM_NLIMITS;

import java.util.Arrays;
import sharewalk.kernel.fs.FileTable;

/// The resource limits of a process (getrlimit(2)): a soft and a hard one for each resource.
public final class ProcessLimits {
    /// No limit.
    public static final long INFINITY = -1;

    private final long[] soft = new long[RLIM_NLIMITS];
    private final long[] hard = new long[RLIM_NLIMITS];

    /// Creates the limits of a first process.
    public ProcessLimits(long stackBytes) {
        Arrays.fill(soft, INFINITY);
        Arrays.fill(hard, INFINITY);
        set(RLIMIT_STACK, stackBytes, INFINITY);
        set(RLIMIT_CORE, 0, INFINITY);
        set(RLIMIT_NOFILE, FileTable.DEFAULT_LIMIT, FileTable.HARD_LIMIT);
    }

    private ProcessLimits(ProcessLimits other) {
        System.arraycopy(other.soft, 0, soft, 0, soft.length);
        System.arraycopy(other.hard, 0, hard, 0, hard.length);
    }

    /// Returns the limits of a forked child.
    ProcessLimits copy() {
        return new ProcessLimits(this);
    }

    /// Returns whether a number names a resource.
    public static boolean isResource(int resource) {
        return resource >= 0 && resource < RLIM_NLIMITS;
    }

    /// Returns the limit that counts.
    public long soft(int resource) {
        return soft[resource];
    }

    /// Returns how far the soft limit may be raised.
    public long hard(int resource) {
        return hard[resource];
    }

    /// Sets both limits of a resource.
    public void set(int resource, long newSoft, long newHard) {
        soft[resource] = newSoft;
        hard[resource] = newHard;
    }
}
