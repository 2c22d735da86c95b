package sharewalk.kernel.share.sharefs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import java.util.List;
import sharewalk.abi.Advice;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionWindow;
import sharewalk.kernel.share.sharefs.SharedMappings.Part;
import sharewalk.mmu.count.FlushCause;

/// What mmap(2) of a part of a file shows while its tables are shared. Whatever one process changes for itself ends
/// that for its area, as with hugetlb: the shared tables are dropped, and the pages come back by faults, from the
/// file.
final class PartWindow extends RegionWindow {
    private final Part part;
    private final Region region;

    PartWindow(Part part, Region region) {
        super(part.file().name());
        this.part = part;
        this.region = region;
    }

    @Override
    protected Region region() {
        return region;
    }

    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        return -EINVAL;
    }

    @Override
    public boolean isPopulated() {
        return true;
    }

    @Override
    public long split(AddressSpace space, Vma vma, long virtAddr) {
        Reply _ = unshare(space, vma);
        return 0;
    }

    @Override
    public Reply protect(AddressSpace space, Vma vma, long start, long end, int prot) {
        return prot == vma.prot() ? new Reply.Done(0) : unshare(space, vma);
    }

    @Override
    public Reply unmap(AddressSpace space, Vma vma, long start, long end) {
        if (isLeaving() || (start <= vma.start() && end >= vma.end())) {
            return ORDINARY;
        }
        boolean isWhole = start <= vma.start() && end - vma.start() >= part.sizeBytes();
        return isWhole ? new Reply.Done(leave(space, vma)) : unshare(space, vma);
    }

    @Override
    public Reply remap(AddressSpace space, Vma vma, RemapRequest request) {
        return unshare(space, vma);
    }

    @Override
    public Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        return switch (advice) {
            case Advice.MADV_DONTNEED, Advice.MADV_DONTNEED_LOCKED -> unshare(space, vma);
            // The file's pages, for everybody.
            case Advice.MADV_REMOVE ->
                new Reply.Done(
                        (vma.traits().maxProt() & PROT_WRITE) == 0
                                ? -EACCES
                                : part.file().punchHole(vma.pageIndex(start), vma.pageIndex(end)));
            default -> ORDINARY;
        };
    }

    @Override
    public Reply register(AddressSpace space, Vma vma) {
        return unshare(space, vma);
    }

    /// Gives a process tables of its own for an area: it gets them as it faults.
    private Reply unshare(AddressSpace space, Vma vma) {
        space.context().shootdown().redeem(space, release(space, vma, vma.start(), vma.end()), FlushCause.UNSHARE);
        VmaTraits traits = vma.traits();
        Mapping pages = new Mapping.SharedPages(part.file());
        int flags = traits.flags() & ~VmaTraits.DONT_EXPAND;
        VmaTraits own = new VmaTraits(traits.prot(), traits.maxProt(), flags, pages, traits.label());
        space.vmas()
                .exchange(vma, List.of(new Vma(vma.start(), vma.start() + part.sizeBytes(), vma.pageOffset(), own)));
        return ORDINARY;
    }
}
