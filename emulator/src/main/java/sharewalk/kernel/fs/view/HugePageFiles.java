package sharewalk.kernel.fs.view;

import static sharewalk.abi.Errno.EINVAL;

import java.util.function.LongConsumer;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugePagePool;
import sharewalk.kernel.mm.HugeShmem;

/// The files of procfs and sysfs that tell of huge pages and set them.
public final class HugePageFiles {
    private HugePageFiles() {}

    /// Adds the settings of a pool: its size, and how many pages there may be beyond.
    public static void addPool(ViewDirectory directory, HugePagePool pool) {
        directory.addSetting(
                "nr_hugepages", () -> line(pool.total() - pool.surplus()), text -> number(text, pool::resize));
        directory.addSetting(
                "nr_overcommit_hugepages", () -> line(pool.surplusLimit()), text -> number(text, pool::limitSurplus));
    }

    /// Adds all that is told of a pool.
    public static void addAll(ViewDirectory directory, HugePagePool pool) {
        addPool(directory, pool);
        directory.addText("free_hugepages", () -> line(pool.unusedPages()));
        directory.addText("resv_hugepages", () -> line(pool.reserved()));
        directory.addText("surplus_hugepages", () -> line(pool.surplus()));
    }

    /// Adds the setting when shared memory gets huge pages.
    public static void addShmem(ViewDirectory directory, HugeMemory hugeMemory) {
        directory.addSetting(
                "shmem_enabled",
                () -> hugeMemory.shmem().choice(),
                text -> HugeShmem.named(text)
                        .map(value -> {
                            hugeMemory.setShmem(value);
                            return 0L;
                        })
                        .orElse((long) -EINVAL));
    }

    private static String line(long number) {
        return number + "\n";
    }

    private static long number(String text, LongConsumer setting) {
        if (!text.matches("[0-9]{1,12}")) {
            return -EINVAL;
        }
        setting.accept(Long.parseLong(text));
        return 0;
    }
}
