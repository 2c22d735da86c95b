package sharewalk.kernel.share.mshare2022;

import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_ACCESS;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.Donation;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.FlushReach;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionWindow.Area;

/// A region with a name: a range of addresses, the same for all sharers. It is counted: once for its creator, once
/// for each mshare() of another, and once less for each mshare_unlink(), whoever calls; a process that merely exits
/// leaves its count, as in the patches.
final class NamedRegion {
    private final String name;
    private final Region region;
    private final SharedRange window;
    private final AddressSpace creator;
    private final int access;
    private final int permissions;
    private int count = 1;

    /// What mshare() was called with.
    record Request(String name, long start, long sizeBytes, int access, int permissions) {}

    private NamedRegion(MemoryContext context, Request request, AddressSpace creator) {
        this.name = request.name;
        this.creator = creator;
        this.access = request.access;
        this.permissions = request.permissions & 0444 | 0400;
        int level = Region.largestSharedLevel(context.paging());
        String path = Mshare2022Design.MOUNT_POINT + "/" + name;
        this.region = Region.create(context, new Region.Plan(path, request.start, level, FlushReach.EVERY_HART));
        region.setSize(request.sizeBytes);
        this.window = new SharedRange(path, region);
    }

    /// Returns a region of what a process has mapped in the range, populated tables and all.
    ///
    /// Preconditions:
    /// - the process has areas in the range, none crosses its edges, none is a window
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    static NamedRegion of(AddressSpace creator, Request request) {
        NamedRegion made = new NamedRegion(creator.context(), request, creator);
        Donation donation = new Donation(creator, made.region.hostSpace());
        donation.give(made.start(), made.start() + made.sizeBytes(), made.window, PROT_ACCESS);
        return made;
    }

    String name() {
        return name;
    }

    long start() {
        return region.base();
    }

    long sizeBytes() {
        return region.sizeBytes();
    }

    /// Returns the permissions of its file.
    int permissions() {
        return permissions;
    }

    /// Returns whether the creator lets others have such an access mode (O_RDONLY, O_WRONLY, O_RDWR): the patch
    /// compares bits, of which O_RDONLY has none.
    boolean permits(int wanted) {
        return (wanted & ~access) == 0;
    }

    /// Shows the region in another process; returns 0 or a negative error number.
    ///
    /// As in the patch, O_RDONLY, which is 0, gives no right at all.
    long attach(AddressSpace space, int wanted) {
        int prot = wanted == O_RDWR ? PROT_READ | PROT_WRITE : wanted == O_WRONLY ? PROT_WRITE : PROT_NONE;
        FileToMap shown = new FileToMap(true, true, true, window);
        long result = space.map(new MapRequest(start(), sizeBytes(), prot, MAP_SHARED | MAP_FIXED, shown, 0));
        if (result < 0) {
            return result;
        }
        count++;
        return 0;
    }

    /// Takes one from the count, and the range from the calling process unless that created it; returns whether the
    /// region is gone.
    boolean unlink(AddressSpace space) {
        count--;
        if (count == 0) {
            for (Area area : window.areas()) {
                long _ = window.leave(area.space(), area.vma());
            }
            region.clear();
            region.discard();
            return true;
        }
        @Nullable Vma vma = space == creator ? null : space.vmas().find(start());
        if (vma != null && vma.mapping() instanceof Mapping.Shown(SharedRange shown) && shown == window) {
            long _ = window.leave(space, vma);
        }
        return false;
    }
}
