package sharewalk.kernel.mm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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
