package sharewalk.kernel.share.sharefs;

import java.util.List;
import sharewalk.kernel.fs.tmp.TmpFileSystemType;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `sharefs`, a proposal.
public final class SharefsDesign implements InstallableDesign {
    private static final String TYPE = "sharefs";
    private static final String MOUNT_POINT = "/sharefs";

    @Override
    public String name() {
        return "sharefs";
    }

    @Override
    public String source() {
        return "Pedro Falcato, 8 and 10 Sep 2025 ([PATCH v3 01/22])";
    }

    @Override
    public Kind kind() {
        return Kind.PROPOSAL;
    }

    @Override
    public String optIn() {
        return "map, MAP_SHARED, a file of the file system sharefs, or of a tmpfs mounted with share_tables";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A file is one of tmpfs: read, written, truncated and mapped as ever; there is no ioctl.",
                "Mappings of the same part of a file with the same rights share tables, at whatever address the kernel"
                        + " chose; it pads them to slots, of the smallest table page that holds all of it.",
                "A mapping forced to an address that is not a slot's, or whose padding is taken, has tables of its own.",
                "mprotect, mremap, a partial munmap and MADV_DONTNEED unshare the caller's area: its tables are dropped"
                        + " and its pages faulted in again.",
                "Truncation, hole punching and MADV_REMOVE act on the file, once for all sharers, and flush them one"
                        + " after the other.",
                "fork gives the child the mapping and no tables; nobody owns a set of tables, the last mapping frees it.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        SharedMappings mappings = new SharedMappings(memory);
        return new InstalledDesign() {
            @Override
            public List<Mountable> fileSystems() {
                return caller.vfs().mounts().type("tmpfs") instanceof TmpFileSystemType tmpfs
                        ? List.of(new Mountable(tmpfs.sharing(TYPE), MOUNT_POINT))
                        : List.of();
            }

            @Override
            public MapHook mapHook() {
                return mappings;
            }
        };
    }
}
