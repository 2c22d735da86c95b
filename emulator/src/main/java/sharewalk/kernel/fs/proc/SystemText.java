package sharewalk.kernel.fs.proc;

import java.util.Locale;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Mount;
import sharewalk.kernel.fs.MountTable;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugePagePool;

/// The text of the files in /proc that tell of the machine (proc(5)).
final class SystemText {
    private SystemText() {}

    static String memory(SystemView.SystemMemory memory, HugeMemory huge) {
        StringBuilder text = new StringBuilder();
        appendKilobytes(text, "MemTotal", memory.total());
        appendKilobytes(text, "MemFree", memory.free());
        appendKilobytes(text, "MemAvailable", memory.free());
        appendKilobytes(text, "Buffers", 0);
        appendKilobytes(text, "Cached", memory.cached());
        appendKilobytes(text, "SwapTotal", memory.swap().total());
        appendKilobytes(text, "SwapFree", memory.swap().free());
        appendKilobytes(text, "AnonPages", memory.anonymous());
        appendKilobytes(text, "Shmem", memory.shared());
        appendKilobytes(text, "PageTables", memory.pageTables());
        appendKilobytes(text, "ShmemHugePages", huge.shmemBytes());
        HugePagePool pool = huge.standard();
        appendCount(text, "HugePages_Total", pool.total());
        appendCount(text, "HugePages_Free", pool.unusedPages());
        appendCount(text, "HugePages_Rsvd", pool.reserved());
        appendCount(text, "HugePages_Surp", pool.surplus());
        appendKilobytes(text, "Hugepagesize", pool.pageBytes());
        long kept = 0;
        for (HugePagePool each : huge.all()) {
            kept += each.total() * each.pageBytes();
        }
        appendKilobytes(text, "Hugetlb", kept);
        return text.toString();
    }

    static String fileSystems(MountTable mounts) {
        StringBuilder text = new StringBuilder();
        for (String name : mounts.typeNames()) {
            text.append("nodev\t").append(name).append('\n');
        }
        return text.toString();
    }

    static String mounts(MountTable mounts) {
        StringBuilder text = new StringBuilder();
        for (Mount mount : mounts.mounts()) {
            Location at = mount.at();
            text.append(mount.source()).append(' ').append(at == null ? "/" : at.path());
            text.append(' ').append(mount.fileSystem().typeName());
            text.append(mount.isReadOnly() ? " ro" : " rw").append(" 0 0\n");
        }
        return text.toString();
    }

    static String uptime(long nanoseconds) {
        long hundredths = nanoseconds / 10_000_000;
        return String.format(Locale.ROOT, "%d.%02d 0.00\n", hundredths / 100, hundredths % 100);
    }

    private static void appendCount(StringBuilder text, String name, long count) {
        text.append(String.format(Locale.ROOT, "%-16s%8d\n", name + ":", count));
    }

    static void appendKilobytes(StringBuilder text, String name, long bytes) {
        text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name + ":", bytes / 1024));
    }
}
