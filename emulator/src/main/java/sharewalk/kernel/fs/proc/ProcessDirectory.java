package sharewalk.kernel.fs.proc;

import static sharewalk.abi.Errno.ENOENT;

import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.MountTable;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.view.LinkView;
import sharewalk.kernel.fs.view.ViewDirectory;

/// The directory /proc/PID of one process.
final class ProcessDirectory extends ViewDirectory {
    private final ProcessView process;

    private ProcessDirectory(ProcFileSystem fileSystem, ProcDirectory parent, ProcessView process) {
        super(fileSystem, parent, Integer.toString(process.pid()));
        this.process = process;
    }

    static ProcessDirectory of(
            ProcFileSystem fileSystem, ProcDirectory parent, MountTable mounts, ProcessView process) {
        ProcessDirectory made = new ProcessDirectory(fileSystem, parent, process);
        made.addText("maps", () -> ProcessText.maps(process));
        made.addText("status", () -> ProcessText.status(process));
        made.addText("stat", () -> ProcessText.stat(process));
        made.addText("statm", () -> ProcessText.statm(process.memory()));
        made.addText("cmdline", process::commandLine);
        made.addText("comm", () -> process.name() + "\n");
        made.addText("mounts", () -> SystemText.mounts(mounts));
        made.add("exe", LinkView.magic(fileSystem, made::executablePath, made::executable));
        made.add(
                "cwd",
                LinkView.magic(
                        fileSystem, () -> made.workingDirectory().path(), () -> Outcome.of(made.workingDirectory())));
        made.add(
                "root",
                LinkView.magic(
                        fileSystem,
                        () -> "/",
                        () -> Outcome.of(process.fsContext().root())));
        made.add("fd", new DescriptorDirectory(fileSystem, made, process));
        return made;
    }

    /// Returns the process it shows.
    ProcessView process() {
        return process;
    }

    private String executablePath() {
        OpenFile executable = process.executable();
        return executable == null ? "" : executable.path();
    }

    private Outcome<Location> executable() {
        OpenFile executable = process.executable();
        return executable == null ? Outcome.error(-ENOENT) : Outcome.of(executable.location());
    }

    private Location workingDirectory() {
        return process.fsContext().workingDirectory();
    }
}
