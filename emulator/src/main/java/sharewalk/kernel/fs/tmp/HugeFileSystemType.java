package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.EINVAL;

import java.util.Locale;
import java.util.Optional;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemType;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugePagePool;

/// hugetlbfs, with the options `pagesize=SIZE` (2M, 1G) and `mode=OCTAL`. There is no limit for one mount (`size=`).
public final class HugeFileSystemType implements FileSystemType {
    private final PageFrames frames;
    private final HugeMemory hugeMemory;

    /// Creates the type for one machine's RAM.
    public HugeFileSystemType(PageFrames frames, HugeMemory hugeMemory) {
        this.frames = frames;
        this.hugeMemory = hugeMemory;
    }

    @Override
    public String name() {
        return "hugetlbfs";
    }

    @Override
    public Outcome<FileSystem> create(FileSystemContext context, String options) {
        Optional<HugePagePool> pool = Optional.of(hugeMemory.standard());
        int permissions = 0755;
        for (String option : options.split(",", -1)) {
            String value = option.substring(option.indexOf('=') + 1);
            try {
                if (option.startsWith("pagesize=")) {
                    pool = hugeMemory.ofBytes(bytesOf(value));
                } else if (option.startsWith("mode=")) {
                    permissions = Integer.parseInt(value, 8) & 01777;
                } else if (!option.isEmpty()) {
                    return Outcome.error(-EINVAL);
                }
            } catch (NumberFormatException _) {
                return Outcome.error(-EINVAL);
            }
        }
        return pool.isEmpty()
                ? Outcome.error(-EINVAL)
                : Outcome.of(new HugeFileSystem(context, frames, pool.get(), permissions));
    }

    private static long bytesOf(String text) {
        String number = text.toLowerCase(Locale.ROOT);
        int shift = number.isEmpty() ? 0 : 10 * ("kmg".indexOf(number.charAt(number.length() - 1)) + 1);
        return Math.multiplyExact(
                Long.parseLong(shift == 0 ? number : number.substring(0, number.length() - 1)) & 0xffff_ffffL,
                1L << shift);
    }
}
