package sharewalk.kernel.share.container;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_TYPE;

import sharewalk.abi.Advice;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.region.PaddedWindow;
import sharewalk.kernel.share.region.Region;

/// What mmap(2) of a container shows. Its rights are a superset of those of everything in it; nothing done to it
/// reaches the container.
final class ContainerWindow extends PaddedWindow {
    private final Container container;

    ContainerWindow(Container container) {
        super(container.name());
        this.container = container;
    }

    @Override
    protected Region region() {
        Region region = container.region();
        if (region == null) {
            throw new IllegalStateException("a window onto a container without a size");
        }
        return region;
    }

    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        if (container.region() == null || (request.flags() & MAP_TYPE) == MAP_PRIVATE) {
            return -EINVAL;
        }
        return (region().rightsUsed() & ~request.prot()) != 0 ? -EACCES : super.place(space, request, sizeBytes);
    }

    /// Advice about the area itself is taken, advice about pages is not: they are everybody's.
    @Override
    public Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        return switch (advice) {
            case Advice.MADV_DONTFORK, Advice.MADV_DOFORK, Advice.MADV_DONTDUMP, Advice.MADV_DODUMP -> ORDINARY;
            default -> new Reply.Done(-EINVAL);
        };
    }
}
