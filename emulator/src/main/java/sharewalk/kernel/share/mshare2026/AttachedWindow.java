package sharewalk.kernel.share.mshare2026;

import static sharewalk.abi.Errno.EINVAL;

import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.region.PaddedWindow;
import sharewalk.kernel.share.region.Region;

/// What mshare_attach() puts into a process. Ordinary calls on it are refused, since they could mean the window as
/// well as what it shows: it has calls of its own for both.
final class AttachedWindow extends PaddedWindow {
    private static final Reply REFUSED = new Reply.Done(-EINVAL);

    private final SharedMemory memory;

    AttachedWindow(SharedMemory memory) {
        super(memory.name());
        this.memory = memory;
    }

    @Override
    protected Region region() {
        Region region = memory.region();
        if (region == null) {
            throw new IllegalStateException("a window onto " + memory.name() + ", which is gone");
        }
        return region;
    }

    @Override
    public Reply unmap(AddressSpace space, Vma vma, long start, long end) {
        return isLeaving() ? ORDINARY : REFUSED;
    }

    @Override
    public Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        return REFUSED;
    }

    @Override
    public Reply remap(AddressSpace space, Vma vma, RemapRequest request) {
        return REFUSED;
    }

    @Override
    public Reply mapOver(AddressSpace space, Vma vma, MapRequest request, long virtAddr) {
        return REFUSED;
    }
}
