package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.EOVERFLOW;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.MmapFlags.MAP_32BIT;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_DENYWRITE;
import static sharewalk.abi.MmapFlags.MAP_EXECUTABLE;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MmapFlags.MAP_GROWSDOWN;
import static sharewalk.abi.MmapFlags.MAP_HUGETLB;
import static sharewalk.abi.MmapFlags.MAP_HUGE_MASK;
import static sharewalk.abi.MmapFlags.MAP_HUGE_SHIFT;
import static sharewalk.abi.MmapFlags.MAP_LOCKED;
import static sharewalk.abi.MmapFlags.MAP_NONBLOCK;
import static sharewalk.abi.MmapFlags.MAP_NORESERVE;
import static sharewalk.abi.MmapFlags.MAP_POPULATE;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapFlags.MAP_SHARED_VALIDATE;
import static sharewalk.abi.MmapFlags.MAP_STACK;
import static sharewalk.abi.MmapFlags.MAP_TYPE;
import static sharewalk.abi.MmapProt.PROT_ACCESS;
import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.table.OutOfFramesException;

/// mmap(2): the checks in Linux's order (`do_mmap`, `mmap_region`), the address, the new VMA.
final class MapOperation {
    /// `vm.max_map_count`.
    static final int MOST_AREAS = 65530;

    private static final long HUGE_BYTES = 2L << 20;
    private static final int STACK_BYTES = 33 * PAGE_BYTES;

    /// What MAP_SHARED_VALIDATE lets through (`LEGACY_MAP_MASK`).
    private static final int KNOWN_FLAGS = MAP_SHARED
            | MAP_PRIVATE
            | MAP_FIXED
            | MAP_ANONYMOUS
            | MAP_DENYWRITE
            | MAP_EXECUTABLE
            | MAP_GROWSDOWN
            | MAP_LOCKED
            | MAP_NORESERVE
            | MAP_POPULATE
            | MAP_NONBLOCK
            | MAP_STACK
            | MAP_HUGETLB
            | MAP_32BIT
            | MAP_HUGE_MASK << MAP_HUGE_SHIFT;

    private final AddressSpace space;
    private final HugeMappings hugeMappings;

    MapOperation(AddressSpace space) {
        this.space = space;
        this.hugeMappings = new HugeMappings(space);
    }

    long map(MapRequest request) {
        MapHook hook = space.context().mapHook();
        if (!hook.claims(request)) {
            return map(request, null);
        }
        long refusal = hook.check(space, request);
        return refusal != 0 ? refusal : map(hook.placed(space, request).without(hook.flags()), request);
    }

    /// Maps a request; `claimed` is what it was before its design took its flags away, if one did.
    private long map(MapRequest request, @Nullable MapRequest claimed) {
        if (request.has(MAP_HUGETLB) && request.hugePages() == null) {
            @Nullable MapRequest huge = hugeMappings.ofAnonymous(request);
            return huge == null ? -EINVAL : map(huge, claimed);
        }
        if (request.sizeBytes() == 0) {
            return -EINVAL;
        }
        long sizeBytes = request.sizeBytes() + request.pageBytes() - 1 & -request.pageBytes();
        if (request.sizeBytes() < 0 || sizeBytes <= 0) {
            return -ENOMEM;
        }
        if ((request.offsetBytes() >>> PAGE_SHIFT) + (sizeBytes >>> PAGE_SHIFT) > 1L << (Long.SIZE - PAGE_SHIFT)) {
            return -EOVERFLOW;
        }
        if (space.vmas().size() > MOST_AREAS) {
            return -ENOMEM;
        }
        long virtAddr = place(request, sizeBytes);
        if (virtAddr < 0) {
            return virtAddr;
        }
        long areaBytes = areaBytes(request, sizeBytes);
        if (request.has(MAP_FIXED_NOREPLACE)
                && !space.vmas().overlapping(virtAddr, virtAddr + areaBytes).isEmpty()) {
            return -EEXIST;
        }
        long refusal = request.file() == null ? checkAnonymous(request) : checkFile(request, request.file());
        return refusal != 0 ? refusal : install(request, claimed, virtAddr, areaBytes);
    }

    /// Maps the initial stack (`STACK_TOP`), 132 KiB as after Linux's `setup_arg_pages`.
    long mapStack(int prot) {
        long top = space.windowEnd();
        VmaTraits traits =
                new VmaTraits(prot, VmaTraits.ALL_RIGHTS, VmaTraits.GROWS_DOWN, new Mapping.Anonymous(), "[stack]");
        space.vmas().insert(new Vma(top - STACK_BYTES, top, top - STACK_BYTES >> PAGE_SHIFT, traits));
        return top;
    }

    private long place(MapRequest request, long sizeBytes) {
        if (request.file() == null || !(request.file().source() instanceof Window window)) {
            long virtAddr = space.placement().place(request, sizeBytes);
            return alignsForHugePages(request, sizeBytes, virtAddr) ? aligned(sizeBytes, virtAddr) : virtAddr;
        }
        long virtAddr = window.place(space, request, sizeBytes);
        return virtAddr < 0 ? virtAddr : space.placement().checkFixed(virtAddr, areaBytes(request, sizeBytes));
    }

    private static long areaBytes(MapRequest request, long sizeBytes) {
        return request.file() != null && request.file().source() instanceof Window window
                ? window.areaBytes(sizeBytes)
                : sizeBytes;
    }

    /// `shmem_get_unmapped_area`: shared memory that may have huge pages is placed so that it can map them, unless the
    /// address was asked for.
    private boolean alignsForHugePages(MapRequest request, long sizeBytes, long virtAddr) {
        boolean isShmem = request.file() == null
                ? (request.flags() & MAP_TYPE) == MAP_SHARED
                : request.file().source() instanceof PageSource pages && pages.isShmem();
        return isShmem
                && virtAddr > 0
                && sizeBytes >= HUGE_BYTES
                && !request.isFixed()
                && virtAddr != request.virtAddr()
                && (virtAddr & (HUGE_BYTES - 1)) != 0
                && (request.offsetBytes() & (HUGE_BYTES - 1)) == 0
                && space.context().hugeMemory().shmem().isOn();
    }

    private long aligned(long sizeBytes, long virtAddr) {
        long found = space.placement().hole(sizeBytes, HUGE_BYTES);
        return found < 0 ? virtAddr : found;
    }

    private static long checkAnonymous(MapRequest request) {
        return switch (request.flags() & MAP_TYPE) {
            case MAP_SHARED -> request.has(MAP_GROWSDOWN) ? -EINVAL : 0;
            case MAP_PRIVATE -> 0;
            default -> -EINVAL;
        };
    }

    private static long checkFile(MapRequest request, FileToMap file) {
        int type = request.flags() & MAP_TYPE;
        if (type != MAP_SHARED && type != MAP_SHARED_VALIDATE && type != MAP_PRIVATE) {
            return -EINVAL;
        }
        if (type == MAP_SHARED_VALIDATE && (request.flags() & ~KNOWN_FLAGS) != 0) {
            return -EOPNOTSUPP;
        }
        if (type != MAP_PRIVATE && (request.prot() & PROT_WRITE) != 0 && !file.writable()) {
            return -EACCES;
        }
        if (!file.readable()) {
            return -EACCES;
        }
        if (!file.executable() && (request.prot() & PROT_EXEC) != 0) {
            return -EPERM;
        }
        if (file.source() == null) {
            return -ENODEV;
        }
        return request.has(MAP_GROWSDOWN) ? -EINVAL : 0;
    }

    private long install(MapRequest request, @Nullable MapRequest claimed, long virtAddr, long sizeBytes) {
        long end = virtAddr + sizeBytes;
        for (Vma over : space.vmas().overlapping(virtAddr, end)) {
            if (over.mapping() instanceof Mapping.Shown(var window)
                    && window.mapOver(space, over, request, virtAddr) instanceof Window.Reply.Done(long result)) {
                return result;
            }
        }
        long refusal = hugeMappings.check(request, sizeBytes);
        refusal = refusal != 0 ? refusal : space.unmapping().unmap(virtAddr, sizeBytes, FlushCause.MUNMAP);
        if (refusal != 0) {
            return refusal;
        }
        if (!space.vmas().overlapping(virtAddr, end).isEmpty()) {
            // A window has stayed.
            return -EINVAL;
        }
        @Nullable Mapping shown = null;
        try {
            shown = claimed == null ? null : shown(claimed, virtAddr, sizeBytes);
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
        Mapping mapping = shown != null ? shown : mapping(request, sizeBytes);
        long pageOffset = (mapping instanceof Mapping.Anonymous ? virtAddr : request.offsetBytes()) >>> PAGE_SHIFT;
        space.vmas().insert(new Vma(virtAddr, end, pageOffset, traits(request, mapping)));
        hugeMappings.promise(request, virtAddr, sizeBytes);
        space.vmas().mergeAround(virtAddr, end);
        if (request.has(MAP_LOCKED) || (request.flags() & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE) {
            long _ = space.population().populate(virtAddr, end);
        }
        return virtAddr;
    }

    private @Nullable Mapping shown(MapRequest claimed, long virtAddr, long sizeBytes) {
        @Nullable Window window = space.context().mapHook().window(space, claimed, virtAddr, sizeBytes);
        return window == null ? null : new Mapping.Shown(window);
    }

    private Mapping mapping(MapRequest request, long sizeBytes) {
        boolean shared = (request.flags() & MAP_TYPE) != MAP_PRIVATE;
        @Nullable
        MapSource source = request.file() == null ? null : request.file().source();
        return switch (source) {
            case null ->
                shared
                        ? new Mapping.SharedPages(new AnonymousPages(
                                space.context().frames(),
                                space.context().hugeMemory(),
                                space.context().current(),
                                sizeBytes))
                        : new Mapping.Anonymous();
            case PageSource pages -> shared ? new Mapping.SharedPages(pages) : new Mapping.PrivatePages(pages);
            case Window window -> new Mapping.Shown(window);
        };
    }

    private static VmaTraits traits(MapRequest request, Mapping mapping) {
        FileToMap file = request.file();
        boolean shared = (request.flags() & MAP_TYPE) != MAP_PRIVATE;
        int maxProt = VmaTraits.ALL_RIGHTS;
        if (file != null && shared && !file.writable()) {
            maxProt &= ~PROT_WRITE;
        }
        if (file != null && !file.executable()) {
            maxProt &= ~PROT_EXEC;
        }
        int ownFlags = HugeMappings.areaFlags(request);
        ownFlags |= mapping instanceof Mapping.Shown(var window) ? window.areaFlags() : 0;
        boolean locked = request.has(MAP_LOCKED) && (ownFlags & VmaTraits.DONT_EXPAND) == 0;
        int flags = (shared ? VmaTraits.SHARED : 0)
                | (request.has(MAP_GROWSDOWN) ? VmaTraits.GROWS_DOWN : 0)
                | (locked ? VmaTraits.LOCKED : 0)
                | ownFlags;
        return new VmaTraits(request.prot() & PROT_ACCESS, maxProt, flags, mapping, label(mapping));
    }

    private static String label(Mapping mapping) {
        return switch (mapping) {
            case Mapping.Anonymous _ -> "[anon]";
            case Mapping.SharedPages(var source) -> source.name();
            case Mapping.PrivatePages(var source) -> source.name();
            case Mapping.Shown(var window) -> window.name();
        };
    }
}
