package sharewalk.kernel.fs.proc;

import static sharewalk.abi.Errno.ENOENT;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.MountTable;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.view.ViewDirectory;

/// The directory /proc itself: fixed entries, and one directory for each process there is.
final class ProcDirectory extends ViewDirectory {
    private final ProcFileSystem fileSystem;
    private final MountTable mounts;
    private final ProcessTable processes;
    private final Map<Integer, ProcessDirectory> directories = new HashMap<>();

    ProcDirectory(ProcFileSystem fileSystem, MountTable mounts, ProcessTable processes) {
        super(fileSystem, null, "");
        this.fileSystem = fileSystem;
        this.mounts = mounts;
        this.processes = processes;
    }

    @Override
    public Outcome<Inode> lookup(String entryName) {
        Outcome<Inode> fixed = super.lookup(entryName);
        if (!fixed.isError() || !entryName.matches("[1-9][0-9]{0,8}")) {
            return fixed;
        }
        ProcessView process = processes.find(Integer.parseInt(entryName));
        return process == null ? Outcome.error(-ENOENT) : Outcome.of(directoryOf(process));
    }

    @Override
    protected List<String> names() {
        List<String> names = super.names();
        processes.pids().forEach(pid -> names.add(Integer.toString(pid)));
        return names;
    }

    private ProcessDirectory directoryOf(ProcessView process) {
        ProcessDirectory known = directories.get(process.pid());
        if (known != null && known.process().equals(process)) {
            return known;
        }
        directories.keySet().removeIf(pid -> processes.find(pid) == null);
        ProcessDirectory made = ProcessDirectory.of(fileSystem, this, mounts, process);
        directories.put(process.pid(), made);
        return made;
    }
}
