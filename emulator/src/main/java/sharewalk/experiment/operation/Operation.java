package sharewalk.experiment.operation;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// An operation on a shared region, in the order in which reports list them. Its key is the guest's mark.
public enum Operation {
    CREATE_MAPPING("create-mapping", "the object made, sized and given its memory, by one process", false),
    ATTACH("attach", "mapped by every sharer", false),
    FIRST_TOUCH("first-touch", "a store to each page of the working set, by the first sharer", false),
    LINK_FAULT("link-fault", "the same by every other sharer: it finds the pages there", false),
    MPROTECT("mprotect", "of the whole region by one sharer, back to writable, after unshare-on-mprotect", true),
    UNSHARE(
            "unshare-on-mprotect",
            "of the whole region by one sharer whose tables are shared, to read-only; what it faults in again is in the"
                    + " aftermath",
            true),
    PROTECT_FOR_ALL("protect-for-all", "the whole region made read-only for every sharer", true),
    MAP_FOR_ALL("map-for-all", "the last block of the region mapped again for every sharer", true),
    UNMAP_FOR_ALL("unmap-for-all", "the last block of the region unmapped for every sharer", true),
    MUNMAP("munmap", "of the whole region by one sharer", true),
    FORK("fork", "of one sharer, until the child has begun to run", true),
    FORK_PRIVATE(
            "fork-private", "the same with as much private memory as the working set; the rounds are over that", true),
    STORE_AFTER_FORK(
            "store-after-fork", "a store to one page of that private memory, by the parent, the child waiting", true),
    EXIT("exit", "of one more sharer", true),
    FLUSH("flush", "one page taken from every sharer at once", true);

    private final String key;
    private final String meaning;
    private final boolean hasAftermath;

    Operation(String key, String meaning, boolean hasAftermath) {
        this.key = key;
        this.meaning = meaning;
        this.hasAftermath = hasAftermath;
    }

    /// Returns the name on the command line and in reports, which is the phase it is counted in.
    public String key() {
        return key;
    }

    /// Returns what exactly is done, in a few words.
    public String meaning() {
        return meaning;
    }

    /// Returns whether the working set is gone through before and after it.
    public boolean hasAftermath() {
        return hasAftermath;
    }

    /// Returns the phases that its figures come from, as a reader would look for them in a run's report.
    public String marks() {
        return hasAftermath ? "%1$s; aftermath: %1$s after + %1$s settled - 2 x %1$s before".formatted(key) : key;
    }

    /// Returns the operation of a key.
    public static Optional<Operation> named(String key) {
        return Stream.of(values())
                .filter(operation -> operation.key.equals(key.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
