package sharewalk.kernel.share.mshare2022;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionWindow;
import sharewalk.mmu.paging.AccessType;

/// The range of addresses that sharers of a region have in common: what a process does in it, it does to the
/// region, at the same addresses.
final class SharedRange extends RegionWindow {
    private final Region region;

    SharedRange(String name, Region region) {
        super(name);
        this.region = region;
    }

    @Override
    protected Region region() {
        return region;
    }

    /// A fault looks at the process's own area first (`access_error`), whatever the region's says after that.
    @Override
    protected boolean lets(AddressSpace space, Vma vma, AccessType access) {
        return space.allows(vma, access);
    }

    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        return request.virtAddr();
    }

    @Override
    public Reply protect(AddressSpace space, Vma vma, long start, long end, int prot) {
        return new Reply.Done(region.hostSpace().protect(start, end - start, prot));
    }

    @Override
    public Reply unmap(AddressSpace space, Vma vma, long start, long end) {
        if (isLeaving()) {
            return ORDINARY;
        }
        long from = Math.max(start, vma.start());
        return new Reply.Done(region.hostSpace().unmap(from, Math.min(end, vma.end()) - from));
    }

    @Override
    public Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        return new Reply.Done(region.hostSpace().advise(start, end - start, advice));
    }

    @Override
    public Reply remap(AddressSpace space, Vma vma, RemapRequest request) {
        boolean staysInside = isInside(vma, request.virtAddr(), request.oldSizeBytes())
                && (!request.has(MREMAP_FIXED) || isInside(vma, request.newVirtAddr(), request.newSizeBytes()));
        return new Reply.Done(staysInside ? region.hostSpace().remap(request) : -EINVAL);
    }

    @Override
    public Reply mapOver(AddressSpace space, Vma vma, MapRequest request, long virtAddr) {
        if (!isInside(vma, virtAddr, request.sizeBytes())) {
            return new Reply.Done(-EINVAL);
        }
        int flags = request.flags() & ~MAP_FIXED_NOREPLACE | MAP_FIXED;
        return new Reply.Done(region.hostSpace()
                .map(new MapRequest(
                        virtAddr, request.sizeBytes(), request.prot(), flags, request.file(), request.offsetBytes())));
    }

    private static boolean isInside(Vma vma, long start, long bytes) {
        long rounded = bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
        return rounded >= 0 && rounded <= vma.sizeBytes() && start >= vma.start() && start <= vma.end() - rounded;
    }
}
