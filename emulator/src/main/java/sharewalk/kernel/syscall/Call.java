package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.ENAMETOOLONG;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.KernelServices;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.process.TaskMemory;

/// One attempt at a system call: who makes it, with what arguments, and on which hart.
public record Call(KernelServices services, Task task, Cpu cpu, PendingCall pending) {
    private static final int PATH_LIMIT = 4096;

    /// Returns an argument, 0 to 5, in full.
    public long argument(int position) {
        return pending.argument(position);
    }

    /// Returns the low half of an argument, which is all that an `int` of the caller's sets.
    public int intArgument(int position) {
        return (int) pending.argument(position);
    }

    /// Returns the process that calls.
    public GuestProcess process() {
        return task.process();
    }

    /// Returns its memory.
    public TaskMemory memory() {
        return task.process().memory();
    }

    /// Returns its descriptors.
    public FileTable files() {
        return task.process().files();
    }

    /// Returns its place in the tree of files.
    public FsContext fs() {
        return task.process().fs();
    }

    /// Returns the open file of the descriptor in an argument, or null.
    public @Nullable OpenFile file(int position) {
        return files().get(intArgument(position));
    }

    /// Returns the path whose address is in an argument, relative to the working directory.
    public Outcome<PathName> path(int position) {
        Outcome<String> text = pathText(position);
        return text.isError() ? text.failed() : Outcome.of(PathName.of(fs(), text.value()));
    }

    /// Returns the path whose address is in an argument, relative to the directory whose descriptor is in another.
    public Outcome<PathName> pathAt(int directoryPosition, int position) {
        Outcome<String> text = pathText(position);
        return text.isError() ? text.failed() : files().path(fs(), intArgument(directoryPosition), text.value());
    }

    /// Returns the text of a path whose address is in an argument.
    public Outcome<String> pathText(int position) {
        @Nullable String text = memory().readString(argument(position), PATH_LIMIT);
        return text == null ? Outcome.error(-ENAMETOOLONG) : Outcome.of(text);
    }

    /// Returns guest time.
    public long now() {
        return services.clock().now();
    }

    /// Returns whether this is a later attempt and its time has come.
    public boolean hasTimedOut() {
        return pending.hasWaited() && now() >= pending.deadline();
    }
}
