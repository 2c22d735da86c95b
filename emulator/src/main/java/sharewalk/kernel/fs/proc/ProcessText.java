package sharewalk.kernel.fs.proc;

import java.util.Locale;
import sharewalk.kernel.fs.Credentials;
import sharewalk.kernel.fs.proc.ProcessView.MappedRange;
import sharewalk.kernel.fs.proc.ProcessView.MemoryUse;

/// The text of the files in /proc/PID (proc(5)).
final class ProcessText {
    private static final int NAME_COLUMN = 73;
    private static final int PAGE_BYTES = 4096;

    private ProcessText() {}

    static String maps(ProcessView process) {
        StringBuilder text = new StringBuilder();
        for (MappedRange range : process.mappings()) {
            int start = text.length();
            text.append(String.format(
                    Locale.ROOT,
                    "%08x-%08x %s %08x %02x:%02x %d ",
                    range.start(),
                    range.end(),
                    range.rights(),
                    range.offsetBytes(),
                    range.device() >>> 8 & 0xfff,
                    range.device() & 0xff,
                    range.inode()));
            if (!range.name().isEmpty()) {
                text.repeat(' ', Math.max(0, start + NAME_COLUMN - text.length()))
                        .append(range.name());
            }
            text.append('\n');
        }
        return text.toString();
    }

    static String status(ProcessView process) {
        Credentials who = process.fsContext().credentials();
        StringBuilder text = new StringBuilder();
        text.append("Name:\t").append(process.name());
        text.append(
                String.format(Locale.ROOT, "\nUmask:\t%04o", process.fsContext().umask()));
        text.append("\nState:\t")
                .append(process.state())
                .append(" (")
                .append(stateName(process.state()))
                .append(')');
        text.append("\nTgid:\t").append(process.pid());
        text.append("\nPid:\t").append(process.pid());
        text.append("\nPPid:\t").append(process.parentPid());
        text.append("\nUid:").append(("\t" + who.uid()).repeat(4));
        text.append("\nGid:").append(("\t" + who.gid()).repeat(4)).append('\n');
        appendMemory(text, process.memory());
        return text.append("Threads:\t").append(process.threads()).append('\n').toString();
    }

    static String stat(ProcessView process) {
        MemoryUse memory = process.memory();
        return String.format(
                Locale.ROOT,
                "%d (%s) %c %d %d %d 0 -1 0 0 0 0 0 0 0 0 0 20 0 %d 0 0 %d %d 18446744073709551615"
                        + " 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
                process.pid(),
                process.name(),
                process.state(),
                process.parentPid(),
                process.pid(),
                process.pid(),
                process.threads(),
                memory.virtualSize(),
                memory.resident() / PAGE_BYTES);
    }

    static String statm(MemoryUse memory) {
        return String.format(
                Locale.ROOT,
                "%d %d %d %d 0 %d 0\n",
                memory.virtualSize() / PAGE_BYTES,
                memory.resident() / PAGE_BYTES,
                (memory.residentFile() + memory.residentShared()) / PAGE_BYTES,
                memory.code() / PAGE_BYTES,
                (memory.data() + memory.stack()) / PAGE_BYTES);
    }

    private static void appendMemory(StringBuilder text, MemoryUse memory) {
        appendLine(text, "VmPeak", memory.virtualPeak());
        appendLine(text, "VmSize", memory.virtualSize());
        appendLine(text, "VmHWM", memory.residentPeak());
        appendLine(text, "VmRSS", memory.resident());
        appendLine(text, "RssAnon", memory.residentAnonymous());
        appendLine(text, "RssFile", memory.residentFile());
        appendLine(text, "RssShmem", memory.residentShared());
        appendLine(text, "VmData", memory.data());
        appendLine(text, "VmStk", memory.stack());
        appendLine(text, "VmExe", memory.code());
        appendLine(text, "VmPTE", memory.pageTables());
        appendLine(text, "VmSwap", 0);
    }

    private static void appendLine(StringBuilder text, String name, long bytes) {
        text.append(String.format(Locale.ROOT, "%s:\t%8d kB\n", name, bytes / 1024));
    }

    private static String stateName(char state) {
        return switch (state) {
            case 'R' -> "running";
            case 'S' -> "sleeping";
            case 'T' -> "stopped";
            case 'Z' -> "zombie";
            default -> "unknown";
        };
    }
}
