package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.proc.ProcessView;

/// The processes of a machine as /proc shows them: those that live, no zombies.
///
/// The tree of files is made before the kernel that uses it; until the kernel takes this over, no process is shown.
public final class ProcessesInProc implements sharewalk.kernel.fs.proc.ProcessTable {
    private @Nullable ProcessTable processes;

    /// Creates a view of no processes.
    public ProcessesInProc() {}

    /// Shows the processes of a kernel from now on.
    public void show(ProcessTable table) {
        processes = table;
    }

    @Override
    public @Nullable ProcessView current() {
        @Nullable GuestProcess process = processes == null ? null : processes.current();
        return process == null || !process.isAlive() ? null : new ProcessInProc(process);
    }

    @Override
    public @Nullable ProcessView find(int pid) {
        @Nullable GuestProcess process = processes == null ? null : processes.process(pid);
        return process == null || !process.isAlive() ? null : new ProcessInProc(process);
    }

    @Override
    public List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        if (processes != null) {
            processes.processes().stream().filter(GuestProcess::isAlive).forEach(process -> pids.add(process.pid()));
        }
        return pids;
    }
}
