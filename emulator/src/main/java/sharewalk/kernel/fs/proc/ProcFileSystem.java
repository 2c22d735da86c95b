package sharewalk.kernel.fs.proc;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.MountTable;
import sharewalk.kernel.fs.view.HugePageFiles;
import sharewalk.kernel.fs.view.LinkView;
import sharewalk.kernel.fs.view.ViewDirectory;
import sharewalk.kernel.fs.view.ViewFileSystem;
import sharewalk.kernel.mm.HugeMemory;

/// The file system at /proc.
public final class ProcFileSystem extends ViewFileSystem {
    private static final long MAGIC = 0x9fa0;

    private final ProcDirectory root;

    private ProcFileSystem(MountTable mounts, ProcessTable processes) {
        super(mounts.newContext(), MAGIC);
        this.root = new ProcDirectory(this, mounts, processes);
    }

    /// Creates the file system of a machine.
    public static ProcFileSystem of(
            MountTable mounts, ProcessTable processes, SystemView system, HugeMemory hugeMemory) {
        ProcFileSystem made = new ProcFileSystem(mounts, processes);
        ViewDirectory root = made.root;
        root.add("self", LinkView.of(made, () -> selfOf(processes)));
        root.add("mounts", LinkView.of(made, () -> "self/mounts"));
        root.addText("cpuinfo", system::cpuInfo);
        root.addText("meminfo", () -> SystemText.memory(system.memory(), hugeMemory));
        root.addText("filesystems", () -> SystemText.fileSystems(mounts));
        root.addText("uptime", () -> SystemText.uptime(system.uptimeNanoseconds()));
        root.addText("version", () -> "Linux version " + system.kernelRelease() + "\n");
        ViewDirectory settings = root.directory("sys");
        ViewDirectory kernel = settings.directory("kernel");
        kernel.addText("osrelease", () -> system.kernelRelease() + "\n");
        kernel.addText("ostype", () -> "Linux\n");
        settings.directory("vm").addText("overcommit_memory", () -> "0\n");
        ViewDirectory memory = settings.directory("vm");
        memory.addText("max_map_count", () -> "65530\n");
        HugePageFiles.addPool(memory, hugeMemory.standard());
        return made;
    }

    @Override
    public String typeName() {
        return "proc";
    }

    @Override
    public Directory root() {
        return root;
    }

    private static String selfOf(ProcessTable processes) {
        @Nullable ProcessView current = processes.current();
        return current == null ? "" : Integer.toString(current.pid());
    }
}
