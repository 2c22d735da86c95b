package sharewalk.kernel.mm;

import org.jspecify.annotations.Nullable;

/// What an installed design makes of requests of mmap(2) that carry a flag of its own, and of processes that come and
/// go.
public interface MapHook {
    /// A design without flags.
    MapHook NONE = new MapHook() {};

    /// Returns whether a request is the design's.
    default boolean claims(MapRequest request) {
        return false;
    }

    /// Returns the flags that mean something to the design alone: a claimed request goes on without them.
    default int flags() {
        return 0;
    }

    /// Says, before mmap(2) looks at anything, whether a claimed request is refused: 0 or a negative error number.
    default long check(AddressSpace space, MapRequest request) {
        return 0;
    }

    /// Returns a claimed request with the address and size at which it suits the design: padded, say.
    default MapRequest placed(AddressSpace space, MapRequest request) {
        return request;
    }

    /// Returns the window that a claimed request maps instead of its file, or null for the file. Everything else is
    /// checked by now, and what lay at `[virtAddr, virtAddr + sizeBytes)` is unmapped.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up: the request then fails with ENOMEM
    default @Nullable Window window(AddressSpace space, MapRequest request, long virtAddr, long sizeBytes) {
        return null;
    }

    /// Tells that a process was forked; the child's areas are not there yet.
    default void forked(AddressSpace parent, AddressSpace child) {}

    /// Tells that the last user of an address space has ended; nothing is mapped in it any more.
    default void ended(AddressSpace space) {}
}
