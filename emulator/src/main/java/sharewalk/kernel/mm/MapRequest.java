package sharewalk.kernel.mm;

import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import org.jspecify.annotations.Nullable;

/// The arguments of mmap(2), the descriptor already looked up.
///
/// Preconditions:
/// - `file` is null exactly when `flags` has MAP_ANONYMOUS
/// - `offsetBytes` is page-aligned
public record MapRequest(
        long virtAddr,
        long sizeBytes,
        int prot,
        int flags,
        @Nullable FileToMap file,
        long offsetBytes) {
    public MapRequest {
        if ((file == null) != ((flags & MAP_ANONYMOUS) != 0)) {
            throw new IllegalArgumentException("a file and MAP_ANONYMOUS, or neither");
        }
        if ((offsetBytes & 0xfff) != 0) {
            throw new IllegalArgumentException("offset %#x".formatted(offsetBytes));
        }
    }

    /// Returns a request for memory without a file.
    public static MapRequest anonymous(long virtAddr, long sizeBytes, int prot, int flags) {
        return new MapRequest(virtAddr, sizeBytes, prot, flags | MAP_ANONYMOUS, null, 0);
    }

    /// Returns whether the address is an order, not a hint.
    public boolean isFixed() {
        return (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
    }

    /// Returns whether any of some flags is set.
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Returns the same for another address, size and set of flags, MAP_ANONYMOUS as it was.
    public MapRequest at(long newVirtAddr, long newSizeBytes, int newFlags) {
        return new MapRequest(newVirtAddr, newSizeBytes, prot, newFlags, file, offsetBytes);
    }

    /// Returns the file of huge pages that it maps, or null.
    @Nullable
    HugePages hugePages() {
        return file != null && file.source() instanceof HugePages pages ? pages : null;
    }

    /// Returns the size of the pages that are to be mapped.
    long pageBytes() {
        HugePages pages = hugePages();
        return pages == null ? PAGE_BYTES : pages.pool().pageBytes();
    }

    /// Returns the same for a file in place of MAP_ANONYMOUS.
    MapRequest of(HugePages pages) {
        FileToMap mapped = new FileToMap(true, true, true, pages);
        return new MapRequest(virtAddr, sizeBytes, prot, flags & ~MAP_ANONYMOUS, mapped, 0);
    }

    /// Returns the same with flags cleared, MAP_ANONYMOUS not among them.
    MapRequest without(int cleared) {
        return new MapRequest(virtAddr, sizeBytes, prot, flags & ~cleared, file, offsetBytes);
    }
}
