package sharewalk.kernel.share.sharedpt2026;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_HUGETLB;
import static sharewalk.abi.MmapFlags.MAP_LOCKED;
import static sharewalk.abi.MmapFlags.MAP_NONBLOCK;
import static sharewalk.abi.MmapFlags.MAP_POPULATE;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_TYPE;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.Window;
import sharewalk.kernel.share.sharedpt.LeafTables;

/// What mmap(2) makes of MAP_SHARED_PT, and which process is in which domain.
final class Domains implements MapHook {
    /// The tree takes the bit of MAP_HUGETLB.
    static final int MAP_SHARED_PT = MAP_HUGETLB;

    private final MemoryContext context;
    private final Map<AddressSpace, Domain> domains = new HashMap<>();

    Domains(MemoryContext context) {
        this.context = context;
    }

    @Override
    public boolean claims(MapRequest request) {
        return request.has(MAP_SHARED_PT) && !isHuge(request.file());
    }

    /// A file of huge pages keeps the bit's first meaning.
    private static boolean isHuge(@Nullable FileToMap file) {
        return file != null && file.source() instanceof PageSource source && source.leafLevel() > 0;
    }

    @Override
    public int flags() {
        return MAP_SHARED_PT;
    }

    @Override
    public long check(AddressSpace space, MapRequest request) {
        long start = request.virtAddr();
        long sizeBytes = request.sizeBytes();
        FileToMap file = request.file();
        if (file == null || !(file.source() instanceof PageSource) || !request.has(MAP_FIXED)) {
            return -EINVAL;
        }
        boolean isPrivate = (request.flags() & MAP_TYPE) == MAP_PRIVATE;
        if (isPrivate && (request.prot() & PROT_WRITE) != 0) {
            return -EINVAL;
        }
        if (((start | sizeBytes) & (LeafTables.slotBytes(context.paging()) - 1)) != 0) {
            return -EINVAL;
        }
        Domain domain = domains.get(space);
        return domain != null && sizeBytes > 0 && start + sizeBytes > start && domain.overlaps(start, start + sizeBytes)
                ? -EINVAL
                : 0;
    }

    @Override
    public @Nullable Window window(AddressSpace space, MapRequest request, long virtAddr, long sizeBytes) {
        Domain domain = domains.get(space);
        if (domain == null) {
            domain = new Domain(context);
            domains.put(space, domain);
        }
        FileToMap file = request.file();
        FileToMap inShadow = new FileToMap(true, true, true, file == null ? null : file.source());
        int flags = request.flags() & ~(MAP_SHARED_PT | MAP_LOCKED | MAP_POPULATE | MAP_NONBLOCK);
        return domain.add(new MapRequest(virtAddr, sizeBytes, request.prot(), flags, inShadow, request.offsetBytes()));
    }

    @Override
    public void forked(AddressSpace parent, AddressSpace child) {
        Domain domain = domains.get(parent);
        if (domain != null) {
            domain.join();
            domains.put(child, domain);
        }
    }

    @Override
    public void ended(AddressSpace space) {
        Domain domain = domains.remove(space);
        if (domain != null) {
            domain.leave();
        }
    }
}
