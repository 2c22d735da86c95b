package sharewalk.kernel.share.mshare2026;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.region.Owners;
import sharewalk.kernel.share.region.RegionNode;
import sharewalk.kernel.share.region.RegionWindow.Area;

/// What mshare_create() makes: a region that belongs to its creator for life. When that exits, or the descriptor is
/// closed everywhere, the region is removed, and whoever has it attached loses it.
final class SharedMemory extends RegionNode implements Owners.Owned {
    private final AttachedWindow window;
    private boolean removed;

    SharedMemory(FileSystem fileSystem, MemoryContext memory) {
        super(fileSystem, memory, "mshare");
        this.window = new AttachedWindow(this);
    }

    @Override
    protected boolean isSizable() {
        return super.isSizable() && !removed;
    }

    /// Shows `[offset, offset + bytes)` in a process (mshare_attach()); returns the address.
    ///
    /// Preconditions:
    /// - `placing` is 0, MAP_FIXED or MAP_FIXED_NOREPLACE
    long attach(AddressSpace space, long offset, long bytes, long virtAddr, int placing) {
        if (region() == null || (placing & ~(MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
            return -EINVAL;
        }
        FileToMap shown = new FileToMap(true, true, true, window);
        int flags = MAP_SHARED | placing;
        return (offset & 0xfff) != 0
                ? -EINVAL
                : space.map(new MapRequest(virtAddr, bytes, PROT_READ | PROT_WRITE, flags, shown, offset));
    }

    /// Takes the area that begins at an address out of a process (mshare_detach()).
    static long detach(AddressSpace space, long virtAddr) {
        @Nullable Vma vma = space.vmas().find(virtAddr);
        return vma != null && vma.start() == virtAddr && vma.mapping() instanceof Mapping.Shown(AttachedWindow window)
                ? window.leave(space, vma)
                : -EINVAL;
    }

    @Override
    public void ownerExited() {
        remove();
    }

    @Override
    public void closed(OpenFile file) {
        remove();
    }

    private void remove() {
        removed = true;
        for (Area area : window.areas()) {
            long _ = window.leave(area.space(), area.vma());
        }
        removeRegion();
    }
}
