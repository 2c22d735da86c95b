package sharewalk.kernel.mm;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// When shared memory gets huge pages without being asked for each: the values of `shmem_enabled` in sysfs, and but for
/// the last two of tmpfs's option `huge=`.
public enum HugeShmem {
    /// Wherever a whole one can be had.
    ALWAYS,
    /// Where it lies within the size of the file, and where advised.
    WITHIN_SIZE,
    /// Where a mapping is advised (MADV_HUGEPAGE).
    ADVISE,
    /// Never.
    NEVER,
    /// Never, on any mount.
    DENY,
    /// Always, on every mount.
    FORCE;

    /// Returns whether shared memory may have huge pages at all.
    boolean isOn() {
        return this != NEVER && this != DENY;
    }

    /// Returns whether a page of a file of so many bytes is to get a huge page, when it is faulted in by an area, or
    /// written by a system call if that is null (`shmem_huge_global_enabled`).
    public boolean allows(@Nullable Vma area, long pageIndex, long sizeBytes) {
        if (area != null && area.has(VmaTraits.NO_HUGE_PAGES)) {
            return false;
        }
        boolean isAdvised = area != null && area.has(VmaTraits.HUGE_PAGES);
        return switch (this) {
            case ALWAYS, FORCE -> true;
            case WITHIN_SIZE -> isAdvised || (pageIndex | 511) < (sizeBytes + PAGE_BYTES - 1) / PAGE_BYTES;
            case ADVISE -> isAdvised;
            case NEVER, DENY -> false;
        };
    }

    /// Returns the value of a name.
    public static Optional<HugeShmem> named(String name) {
        return Stream.of(values()).filter(value -> value.text().equals(name)).findFirst();
    }

    /// Returns the name.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the text of `shmem_enabled`, in which this value is the one in brackets.
    public String choice() {
        StringBuilder text = new StringBuilder();
        for (HugeShmem value : values()) {
            text.append(text.isEmpty() ? "" : " ");
            text.append(value == this ? "[" + value.text() + "]" : value.text());
        }
        return text.append('\n').toString();
    }
}
