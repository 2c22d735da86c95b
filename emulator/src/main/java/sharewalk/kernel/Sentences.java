package sharewalk.kernel;

import java.util.Collection;
import java.util.StringJoiner;
import sharewalk.abi.Errno;
import sharewalk.cpu.StopReason;
import sharewalk.elf.SymbolTable;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.Program;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.process.TaskState;
import sharewalk.kernel.syscall.SystemCallTable;

/// What the kernel says when a run cannot begin or go on.
final class Sentences {
    private static final int NAMED_TASKS = 8;

    private Sentences() {}

    static String cannotOpen(String path, long error) {
        String why = switch ((int) -error) {
            case Errno.ENOENT -> "does not exist";
            case Errno.EACCES -> "is not an executable file";
            case Errno.ENOTDIR -> "leads through something that is no directory";
            default -> "cannot be opened (" + Errno.name((int) -error) + ")";
        };
        return path + " " + why + ".";
    }

    static String cannotLoad(String path, long error) {
        return path
                + (error == -Errno.E2BIG
                        ? " has too many arguments or too large an environment."
                        : " does not fit into the machine's memory.");
    }

    static String deadlock(Collection<Task> tasks, SystemCallTable table) {
        StringJoiner waits = new StringJoiner(", ");
        int more = tasks.size() - NAMED_TASKS;
        tasks.stream().limit(NAMED_TASKS).forEach(task -> waits.add(describe(task, table)));
        return "No process can go on: " + waits + (more > 0 ? " and " + more + " more" : "") + ".";
    }

    private static String describe(Task task, SystemCallTable table) {
        PendingCall call = task.call();
        String where = task.state() == TaskState.STOPPED
                ? "is stopped"
                : "waits in " + (call == null ? "nothing" : table.nameOf(call.number()));
        return task.tid() + " (" + task.name() + ") " + where;
    }

    static String engineFailure(Task task, long pc, String what) {
        return "The engine failed while running " + place(task, pc) + ": " + what;
    }

    static String noProgress(Task task, long pc, StopReason.PageFault fault) {
        return "The machine makes no progress: " + place(task, pc) + " faults again and again at 0x"
                + Long.toHexString(fault.virtAddr()) + " (" + fault.access() + ", " + fault.cause() + ").";
    }

    private static String place(Task task, long pc) {
        Program program = task.process().program();
        SymbolTable.Position position = program.symbols().at(pc - program.bias());
        return task.tid() + " (" + task.name() + ") at 0x" + Long.toHexString(pc)
                + (position == null ? "" : " in " + position);
    }
}
