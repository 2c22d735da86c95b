package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_HUGE_MASK;
import static sharewalk.abi.MmapFlags.MAP_HUGE_SHIFT;
import static sharewalk.abi.MmapFlags.MAP_NORESERVE;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_TYPE;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import org.jspecify.annotations.Nullable;

/// What mmap(2) does besides for areas of huge pages: a file for MAP_ANONYMOUS, and the promise of pages
/// (`hugetlbfs_file_mmap`).
final class HugeMappings {
    private final AddressSpace space;

    HugeMappings(AddressSpace space) {
        this.space = space;
    }

    /// Returns a request with MAP_HUGETLB as one for a nameless file of huge pages; null if it names a file, or a size
    /// that the machine does not have.
    @Nullable
    MapRequest ofAnonymous(MapRequest request) {
        int shift = request.flags() >>> MAP_HUGE_SHIFT & MAP_HUGE_MASK;
        return request.has(MAP_ANONYMOUS)
                ? space.context()
                        .hugeMemory()
                        .ofShift(shift)
                        .map(pool -> request.of(new HugePages(pool, null)))
                        .orElse(null)
                : null;
    }

    /// Checks a request before anything is unmapped for it; returns 0, -EINVAL for a part of a huge page, -ENOMEM if
    /// not all of its pages can be promised. Requests for other things pass.
    long check(MapRequest request, long sizeBytes) {
        HugePages file = request.hugePages();
        if (file == null) {
            return 0;
        }
        if ((request.offsetBytes() & (request.pageBytes() - 1)) != 0 || request.offsetBytes() + sizeBytes < 0) {
            return -EINVAL;
        }
        long missing = missing(request, file, sizeBytes);
        if (!file.pool().reserve(missing)) {
            return -ENOMEM;
        }
        file.pool().unreserve(missing);
        return 0;
    }

    /// Promises the pages of a request that has been mapped; a writable mapping makes its file as long.
    void promise(MapRequest request, long virtAddr, long sizeBytes) {
        HugePages file = request.hugePages();
        if (file == null) {
            return;
        }
        if (!file.pool().reserve(missing(request, file, sizeBytes))) {
            throw new IllegalStateException("huge pages that were there are not");
        }
        if (!request.has(MAP_NORESERVE) && isPrivate(request)) {
            space.hugeReservations().add(file.pool(), virtAddr, virtAddr + sizeBytes);
        } else if (!request.has(MAP_NORESERVE)) {
            file.promise(firstPage(request), endPage(request, sizeBytes));
        }
        if ((request.prot() & PROT_WRITE) != 0 || file.isNameless()) {
            file.extend(request.offsetBytes() + sizeBytes);
        }
    }

    /// Returns the flags of the area for a request: those of [VmaTraits] that it has for its huge pages.
    static int areaFlags(MapRequest request) {
        if (request.hugePages() == null) {
            return 0;
        }
        return VmaTraits.DONT_EXPAND | (request.has(MAP_NORESERVE) ? VmaTraits.NO_RESERVE : 0);
    }

    private static long missing(MapRequest request, HugePages file, long sizeBytes) {
        if (request.has(MAP_NORESERVE)) {
            return 0;
        }
        return isPrivate(request)
                ? sizeBytes / request.pageBytes()
                : file.missing(firstPage(request), endPage(request, sizeBytes));
    }

    private static boolean isPrivate(MapRequest request) {
        return (request.flags() & MAP_TYPE) == MAP_PRIVATE;
    }

    private static long firstPage(MapRequest request) {
        return request.offsetBytes() >>> PAGE_SHIFT;
    }

    private static long endPage(MapRequest request, long sizeBytes) {
        return firstPage(request) + (sizeBytes >>> PAGE_SHIFT);
    }
}
