package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_TYPE;

import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionWindow;

/// The window onto a region that processes map (patches 7 and 13): whole, aligned, neither split nor protected nor
/// moved; what is in it is the region's.
///
/// v3 would let mremap(2) move it, and with it entries inside the shared table, for everybody: refused instead. As
/// in v3, madvise(2) that zaps steps through the slots from where it begins, aligned or not.
final class MshareWindow extends RegionWindow {
    private final MshareRegion region;

    MshareWindow(MshareRegion region, String name) {
        super(name);
        this.region = region;
    }

    @Override
    protected Region region() {
        return region.memory();
    }

    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        if ((request.flags() & MAP_TYPE) == MAP_PRIVATE || !region.isInitialized() || !region.hasOwner()) {
            return -EINVAL;
        }
        if (sizeBytes != region.sizeBytes()) {
            return -EINVAL;
        }
        if (sizeBytes > space.end()) {
            return -ENOMEM;
        }
        if (region.rules().capsRights() && (region.memory().rightsUsed() & ~request.prot()) != 0) {
            return -EACCES;
        }
        return placeAtSlot(space, request, sizeBytes);
    }

    @Override
    public Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        return region.rules().takesAdvice() ? ORDINARY : new Reply.Done(-EINVAL);
    }
}
