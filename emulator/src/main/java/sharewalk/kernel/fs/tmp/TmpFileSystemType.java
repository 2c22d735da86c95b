package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;

import java.util.Locale;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemType;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugeShmem;

/// tmpfs, with the options `size=BYTES` (suffixes k, m, g) and `mode=OCTAL`, and `huge=`
/// (always, within_size, advise, never). Where a sharing design asks for it, also `share_tables`, and a type of its
/// own whose files share page tables without being asked.
public final class TmpFileSystemType implements FileSystemType {
    private static final String SHARE_OPTION = "share_tables";

    private final PageFrames frames;
    private final HugeMemory hugeMemory;
    private final String name;
    private final boolean alwaysShares;
    private boolean takesShareOption;

    private TmpFileSystemType(PageFrames frames, HugeMemory hugeMemory, String name, boolean alwaysShares) {
        this.frames = frames;
        this.hugeMemory = hugeMemory;
        this.name = name;
        this.alwaysShares = alwaysShares;
    }

    /// Creates the type for one machine's RAM.
    public TmpFileSystemType(PageFrames frames, HugeMemory hugeMemory) {
        this(frames, hugeMemory, "tmpfs", false);
    }

    /// Takes the option `share_tables` from now on; returns a type of another name that has it always.
    public TmpFileSystemType sharing(String otherName) {
        takesShareOption = true;
        return new TmpFileSystemType(frames, hugeMemory, otherName, true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Outcome<FileSystem> create(FileSystemContext context, String options) {
        long pages = frames.allFrames() / 2;
        int permissions = 01777;
        HugeShmem huge = HugeShmem.NEVER;
        boolean shares = alwaysShares;
        for (String option : options.split(",", -1)) {
            String value = option.substring(option.indexOf('=') + 1);
            try {
                if (option.startsWith("size=")) {
                    pages = PagedFile.pagesOf(bytesOf(value));
                } else if (option.startsWith("mode=")) {
                    permissions = Integer.parseInt(value, 8);
                } else if (option.startsWith("huge=") && isMountOption(value)) {
                    huge = HugeShmem.named(value).orElse(huge);
                } else if (takesShareOption && option.equals(SHARE_OPTION)) {
                    shares = true;
                } else if (!option.isEmpty()) {
                    return Outcome.error(-EINVAL);
                }
            } catch (NumberFormatException _) {
                return Outcome.error(-EINVAL);
            }
        }
        TmpFileSystem made =
                TmpFileSystem.of(context, frames, pages, permissions).withHugePages(hugeMemory, huge);
        return Outcome.of(shares ? made.sharingTables(name) : made);
    }

    private static boolean isMountOption(String value) {
        return switch (HugeShmem.named(value).orElse(HugeShmem.DENY)) {
            case ALWAYS, WITHIN_SIZE, ADVISE, NEVER -> true;
            case DENY, FORCE -> false;
        };
    }

    private static long bytesOf(String text) {
        String number = text.toLowerCase(Locale.ROOT);
        int shift = number.isEmpty() ? 0 : 10 * ("kmg".indexOf(number.charAt(number.length() - 1)) + 1);
        long count = Long.parseLong(shift == 0 ? number : number.substring(0, number.length() - 1));
        if (count < 0 || count > (Long.MAX_VALUE - FRAME_BYTES) >> shift) {
            throw new NumberFormatException(text);
        }
        return count << shift;
    }
}
