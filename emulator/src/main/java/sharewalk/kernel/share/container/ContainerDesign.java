package sharewalk.kernel.share.container;

import java.util.List;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.kernel.share.region.RegionDescriptors;
import sharewalk.mmu.paging.PagingMode;

/// The design `container`, a proposal.
public final class ContainerDesign implements InstallableDesign {
    @Override
    public String name() {
        return "container";
    }

    @Override
    public String source() {
        return "David Hildenbrand, 2 Nov 2023 (Sharing page tables across processes (mshare)) and 8-9 Sep 2025"
                + " ([PATCH v3 01/22])";
    }

    @Override
    public Kind kind() {
        return Kind.PROPOSAL;
    }

    @Override
    public String optIn() {
        return "create a container, set its size once, fill it by ioctl(2), map it";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A container has any size; the kernel pads windows to slots, of the smallest table page that holds all of"
                        + " it.",
                "What is in it is changed by ioctl(2) alone, for everybody: map, unmap, protect.",
                "It takes parts of files with a page cache, shared, not executable; nothing anonymous, no container.",
                "The rights of every window are a superset of those of everything in it, or the call that would change"
                        + " that fails with EACCES.",
                "mprotect, a partial munmap, a move and advice about pages of a window fail with EINVAL.",
                "A change flushes the sharers, one after the other.",
                "fork gives the child the window and no tables; nobody owns a container.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        RegionDescriptors descriptors = new RegionDescriptors(caller);
        DesignCall create = new DesignCall(
                SystemCall.CONTAINER_CREATE,
                args -> descriptors.open((int) args[0], fileSystem -> new Container(fileSystem, memory, caller)));
        return new InstalledDesign() {
            @Override
            public List<DesignCall> systemCalls() {
                return List.of(create);
            }
        };
    }
}
