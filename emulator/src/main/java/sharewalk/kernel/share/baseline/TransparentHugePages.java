package sharewalk.kernel.share.baseline;

import java.util.List;
import sharewalk.kernel.mm.HugeShmem;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The baseline with huge pages that need no reservation: as `private`, with transparent huge pages for shared memory
/// (`shmem_enabled` set to `always`).
public final class TransparentHugePages implements InstallableDesign {
    @Override
    public String name() {
        return "thp";
    }

    @Override
    public String source() {
        return "Linux, MAP_SHARED with transparent_hugepage/shmem_enabled=always";
    }

    @Override
    public Kind kind() {
        return Kind.MAINLINE;
    }

    @Override
    public String optIn() {
        return "nothing shares tables; nothing is asked of programs";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A file of shared memory gets aligned 2 MiB pages as long as RAM has them; an area that holds one whole"
                        + " maps it by one entry, other areas by entries of 4 KiB.",
                "A change to a part of a huge page unmaps all of it from the tables that are changed; what stays is"
                        + " faulted in again, by 4 KiB entries. A hole splits the page itself.",
                "As under private, every change is the caller's own.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        memory.hugeMemory().setShmem(HugeShmem.ALWAYS);
        return InstalledDesign.NOTHING;
    }
}
