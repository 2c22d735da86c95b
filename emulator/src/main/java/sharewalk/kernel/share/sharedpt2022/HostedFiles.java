package sharewalk.kernel.share.sharedpt2022;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED_VALIDATE;
import static sharewalk.abi.MmapFlags.MAP_TYPE;
import static sharewalk.abi.MmapProt.PROT_ACCESS;

import java.util.LinkedHashMap;
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
import sharewalk.kernel.share.sharedpt2022.HostedFile.First;

/// What mmap(2) makes of MAP_SHARED_PT: a hint, for files.
final class HostedFiles implements MapHook {
    /// `uapi/asm-generic/mman-common.h` of the posting.
    static final int MAP_SHARED_PT = 0x20_0000;

    private final MemoryContext context;
    private final boolean strict;
    private final Map<PageSource, HostedFile> files = new LinkedHashMap<>();

    HostedFiles(MemoryContext context, boolean strict) {
        this.context = context;
        this.strict = strict;
    }

    @Override
    public boolean claims(MapRequest request) {
        return request.has(MAP_SHARED_PT);
    }

    @Override
    public int flags() {
        return MAP_SHARED_PT;
    }

    @Override
    public long check(AddressSpace space, MapRequest request) {
        boolean isPrivate = (request.flags() & MAP_TYPE) == MAP_PRIVATE;
        // MAP_PRIVATE is among the bits of MAP_SHARED_VALIDATE.
        return !request.has(MAP_SHARED_VALIDATE) || (strict && isPrivate) ? -EINVAL : 0;
    }

    @Override
    public @Nullable Window window(AddressSpace space, MapRequest request, long virtAddr, long sizeBytes) {
        FileToMap file = request.file();
        long slotBytes = LeafTables.slotBytes(context.paging());
        if (file == null
                || !(file.source() instanceof PageSource source)
                || source.leafLevel() > 0
                || ((virtAddr | sizeBytes) & (slotBytes - 1)) != 0) {
            return null;
        }
        First wanted = new First(
                source, virtAddr, sizeBytes, request.offsetBytes(), request.prot() & PROT_ACCESS, file.writable());
        HostedFile hosted = files.get(source);
        if (hosted != null) {
            return isShared(hosted.first(), wanted) ? hosted : null;
        }
        HostedFile made = new HostedFile(context, wanted, () -> files.remove(source));
        files.put(source, made);
        return made;
    }

    private boolean isShared(First first, First wanted) {
        return strict
                ? first.equals(wanted)
                : first.start() == wanted.start()
                        && first.sizeBytes() == wanted.sizeBytes()
                        && first.offsetBytes() == wanted.offsetBytes();
    }
}
