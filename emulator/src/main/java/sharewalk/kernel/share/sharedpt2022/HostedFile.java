package sharewalk.kernel.share.sharedpt2022;

import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_DONTNEED_LOCKED;
import static sharewalk.abi.Advice.MADV_PAGEOUT;
import static sharewalk.abi.Advice.MADV_REMOVE;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_ACCESS;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sharewalk.abi.MremapFlags;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.kernel.mm.Window;
import sharewalk.kernel.share.sharedpt.LeafTables;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// A file with page tables for its mappings to share (`ptshare_data`): the host that has them, and the window that each
/// such mapping is.
final class HostedFile implements Window {
    /// The first mapping: what later ones are compared with. `prot` and `writable` are its rights and those it could
    /// be given.
    record First(PageSource source, long start, long sizeBytes, long offsetBytes, int prot, boolean writable) {
        long end() {
            return start + sizeBytes;
        }
    }

    private final First first;
    private final LeafTables tables;
    private final Runnable onLastUnmapped;

    /// How many areas each process has of it.
    private final Map<AddressSpace, Integer> sharers = new LinkedHashMap<>();

    /// Makes the host with its area; `onLastUnmapped` is run when no mapping is left.
    ///
    /// @throws OutOfFramesException when RAM is used up
    HostedFile(MemoryContext context, First first, Runnable onLastUnmapped) {
        this.first = first;
        this.onLastUnmapped = onLastUnmapped;
        this.tables = LeafTables.create(context, first.start, first.end(), first.source.name());
        FileToMap file = new FileToMap(true, true, true, first.source);
        // Nothing is forbidden to all sharers before one of them calls mprotect(2).
        long result = tables.host()
                .map(new MapRequest(
                        first.start, first.sizeBytes, PROT_ACCESS, MAP_SHARED | MAP_FIXED, file, first.offsetBytes));
        if (result != first.start) {
            throw new IllegalStateException("host area: error %d".formatted(result));
        }
    }

    First first() {
        return first;
    }

    @Override
    public String name() {
        return first.source.name();
    }

    /// No file is this window's: it is mapped where its file is.
    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        return -EINVAL;
    }

    @Override
    public int areaFlags() {
        return 0;
    }

    @Override
    public boolean isPopulated() {
        return true;
    }

    @Override
    public void opened(AddressSpace space, Vma vma) {
        sharers.merge(space, 1, Integer::sum);
    }

    @Override
    public void closed(AddressSpace space, Vma vma) {
        int left = sharers.merge(space, -1, Integer::sum);
        if (left == 0) {
            sharers.remove(space);
        }
        if (sharers.isEmpty()) {
            onLastUnmapped.run();
            tables.host().release();
        }
    }

    @Override
    public long maySplit(Vma vma, long virtAddr) {
        return 0;
    }

    /// Changes the entries and the areas of all sharers, with one flush.
    @Override
    public Reply protect(AddressSpace space, Vma vma, long start, long end, int prot) {
        AddressSpace host = tables.host();
        for (Vma area : host.vmas().overlapping(start, end)) {
            protectArea(host, area, start, end, prot);
        }
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (Vma area : host.vmas().overlapping(start, end)) {
            pending = pending.merge(protectEntries(area, start, end, vma.has(VmaTraits.SHARED)));
        }
        host.context().shootdown().redeem(host, pending, FlushCause.MPROTECT);
        for (AddressSpace sharer : List.copyOf(sharers.keySet())) {
            for (Vma area : areasOf(sharer, start, end)) {
                protectArea(sharer, area, start, end, prot);
            }
        }
        return new Reply.Done(0);
    }

    /// Gives entries of the host the rights of its area, as far as nobody must be told of a store first.
    private PendingInvalidation protectEntries(Vma area, long start, long end, boolean forShared) {
        AddressSpace host = tables.host();
        PteFormat format = host.context().paging().format();
        long from = Math.max(start, area.start());
        long to = Math.min(end, area.end());
        return host.table().cursor().protectRange(from, to, (virtAddr, pte, _) -> {
            Permissions all = host.rights(area, virtAddr);
            // A private area's pages are copied before they are written, so that no entry may say otherwise.
            return format.withPermissions(pte, forShared ? all : all.withoutWrite());
        });
    }

    private List<Vma> areasOf(AddressSpace sharer, long start, long end) {
        return sharer.vmas().overlapping(start, end).stream()
                .filter(area -> area.mapping().equals(new Mapping.Shown(this)))
                .toList();
    }

    private static void protectArea(AddressSpace sharer, Vma area, long start, long end, int prot) {
        long from = Math.max(start, area.start());
        long to = Math.min(end, area.end());
        int allowed = prot & area.traits().maxProt();
        if (allowed == area.prot()) {
            return;
        }
        List<Vma> parts = new ArrayList<>();
        if (area.start() < from) {
            parts.add(area.over(area.start(), from));
        }
        Vma part = area.over(from, to);
        parts.add(part.with(part.traits().withProt(allowed)));
        if (to < area.end()) {
            parts.add(area.over(to, area.end()));
        }
        sharer.vmas().exchange(area, parts);
        sharer.vmas().mergeAround(area.start(), area.end());
    }

    /// "Don't allow partial munmaps": of the exact range, where the range begins with it.
    @Override
    public Reply unmap(AddressSpace space, Vma vma, long start, long end) {
        boolean isFirst = vma.equals(space.vmas().findOrNext(start));
        boolean isExact = start == first.start && end == first.end();
        boolean isWhole = start <= first.start && end >= first.end();
        return isExact || (!isFirst && isWhole) ? ORDINARY : new Reply.Done(-EINVAL);
    }

    /// Advice that drops pages is carried out in the host, for all, if the caller's own area allows it: the host's
    /// allows everything.
    @Override
    public Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        boolean drops = advice == MADV_DONTNEED
                || advice == MADV_DONTNEED_LOCKED
                || advice == MADV_REMOVE
                || advice == MADV_PAGEOUT;
        if (!drops) {
            return ORDINARY;
        }
        long refusal = refusal(vma, advice);
        return new Reply.Done(refusal != 0 ? refusal : tables.host().advise(start, end - start, advice));
    }

    private static long refusal(Vma vma, int advice) {
        if (vma.has(VmaTraits.LOCKED) && advice != MADV_DONTNEED_LOCKED) {
            return -EINVAL;
        }
        if (advice != MADV_REMOVE) {
            return 0;
        }
        if (!vma.has(VmaTraits.SHARED)) {
            return -EINVAL;
        }
        return (vma.traits().maxProt() & PROT_WRITE) == 0 ? -EACCES : 0;
    }

    @Override
    public Reply remap(AddressSpace space, Vma vma, RemapRequest request) {
        boolean stays = pages(request.oldSizeBytes()) == pages(request.newSizeBytes())
                && !request.has(MremapFlags.MREMAP_FIXED | MremapFlags.MREMAP_DONTUNMAP);
        return stays ? ORDINARY : new Reply.Done(-EINVAL);
    }

    private static long pages(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    @Override
    public long mayMove(Vma vma) {
        return -EINVAL;
    }

    @Override
    public PendingInvalidation release(AddressSpace space, Vma vma, long start, long end) {
        return tables.detach(space, start, end);
    }

    /// The page fault (`find_shared_vma`): the host's table is hung in where the process has another, else the fault is
    /// that of the process's own area, in the host's tables.
    @Override
    public FaultOutcome fault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        AddressSpace host = tables.host();
        Vma hostArea = host.vmas().find(virtAddr);
        if (hostArea == null || !space.allows(vma, access) || !host.allows(hostArea, access)) {
            return FaultOutcome.notAllowed(virtAddr);
        }
        try {
            if (tables.attach(space, vma, virtAddr)) {
                return new FaultOutcome.Linked();
            }
        } catch (OutOfFramesException _) {
            return new FaultOutcome.OutOfMemory();
        }
        FaultOutcome outcome = host.resolve(asFileArea(vma, hostArea), virtAddr, access);
        if (access == AccessType.STORE && !vma.has(VmaTraits.SHARED) && !hostArea.has(VmaTraits.HAS_ANONYMOUS)) {
            host.vmas().annotate(hostArea, hostArea.with(hostArea.traits().with(VmaTraits.HAS_ANONYMOUS)));
        }
        space.context().shootdown().fence(space, virtAddr);
        return outcome;
    }

    /// Returns the part of an area that lies over one of the host's, as it would be without the flag, with the rights
    /// that both have.
    private Vma asFileArea(Vma vma, Vma hostArea) {
        VmaTraits traits = vma.traits();
        long from = Math.max(vma.start(), hostArea.start());
        long to = Math.min(vma.end(), hostArea.end());
        Mapping pages = vma.has(VmaTraits.SHARED)
                ? new Mapping.SharedPages(first.source)
                : new Mapping.PrivatePages(first.source);
        // As if it had pages of its own already, so that nobody looks for it among the host's areas to note that.
        int flags = traits.flags() | VmaTraits.HAS_ANONYMOUS;
        int prot = traits.prot() & hostArea.prot();
        return vma.over(from, to).with(new VmaTraits(prot, traits.maxProt(), flags, pages, traits.label()));
    }
}
