package sharewalk.kernel.share.msharefs;

import java.util.List;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.FileSystemDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.kernel.share.InstalledDesign.Mountable;
import sharewalk.kernel.share.region.Owners;
import sharewalk.mmu.paging.PagingMode;

/// The design `msharefs` as posted in version 3.
public final class MsharefsDesign implements FileSystemDesign {
    /// Where the patches make a directory to mount upon.
    static final String MOUNT_POINT = "/sys/fs/mshare";

    private final Rules rules;

    private MsharefsDesign(Rules rules) {
        this.rules = rules;
    }

    /// Creates the design as posted; its variant `strict` is by the rules reviewers asked for.
    public MsharefsDesign() {
        this(Rules.POSTED);
    }

    @Override
    public String name() {
        return "msharefs";
    }

    @Override
    public String source() {
        return "[PATCH v3 00/22] Add support for shared PTEs across processes, Anthony Yznaga, 19 Aug 2025";
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public String optIn() {
        return "create a file in " + MOUNT_POINT + ", set its size once, fill it by ioctl(2), map the whole of it";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A region is a multiple of the root's slot (512 GiB on x86-64), aligned to it, and mapped whole,"
                        + " MAP_SHARED; it holds no private mappings.",
                "A process's first fault in a slot attaches the region's table (a link fault); a page is faulted in once"
                        + " for all.",
                "MSHAREFS_CREATE_MAPPING and MSHAREFS_UNMAP act for every sharer; no call changes protection.",
                "The rights of the window are not consulted: those of the region's own mappings decide.",
                "mprotect, a partial munmap and a move of the window fail with EINVAL; madvise that zaps drops the caller's"
                        + " link and no page.",
                "fork gives the child the window and no tables; it attaches at its first fault.",
                "A change in a region flushes every hart whole.",
                "The region's owner is who created it; when it has exited, nobody can map the region any more.");
    }

    @Override
    public List<Variant> variants() {
        return rules == Rules.STRICT
                ? List.of()
                : List.of(new Variant(
                        "strict",
                        "windows have every right that is used in the region, madvise on them is refused, only shmem may be"
                                + " put in (Hildenbrand, Yznaga); changes need a descriptor open for writing and a live"
                                + " owner (ours)",
                        new MsharefsDesign(Rules.STRICT)));
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public String remark(PagingMode mode) {
        return KernelRules.of(mode) == KernelRules.X86_64 ? "" : "our port: the patches support x86-64 only";
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        Owners<MshareRegion> owners = new Owners<>();
        Surroundings surroundings = new Surroundings(memory, caller, owners, rules);
        Mountable mountable = new Mountable(new MshareFileSystemType(surroundings), MOUNT_POINT);
        return new InstalledDesign() {
            @Override
            public List<Mountable> fileSystems() {
                return List.of(mountable);
            }

            @Override
            public void taskExited(long taskId) {
                owners.exited(taskId);
            }
        };
    }
}
