package sharewalk.kernel.share.attach;

import java.util.List;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.kernel.share.transparent.CachedTables;
import sharewalk.mmu.paging.PagingMode;

/// The design `attach`.
public final class AttachDesign implements InstallableDesign {
    @Override
    public String name() {
        return "attach";
    }

    @Override
    public String source() {
        return "Pedro Falcato on linux-mm, 8 Sep 2025; no code";
    }

    @Override
    public Kind kind() {
        return Kind.PROPOSAL;
    }

    @Override
    public String optIn() {
        return "share_tables(address, bytes, 0) on shared mappings, by each process";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "share_tables marks MAP_SHARED areas of any file, at any address and of any size; where an area covers no"
                        + " whole block (2 MiB) the mark has no effect.",
                "Tables filled before are adopted: the first process's become the shared ones, and others drop"
                        + " theirs for them.",
                "Faults later link a process to the table of its block as under transparent, and mprotect, munmap,"
                        + " mremap, madvise or a split unlink the caller's.",
                "A private area in the range is EINVAL, a hole is ENOMEM, and then nothing is marked.",
                "fork inherits the mark; the child is linked at its first fault in a block.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        CachedTables tables = new CachedTables(vma -> vma.has(VmaTraits.SHARES_TABLES));
        ShareTablesCall call = new ShareTablesCall(tables);
        return new InstalledDesign() {
            @Override
            public TableSharing tableSharing() {
                return tables;
            }

            @Override
            public List<DesignCall> systemCalls() {
                return List.of(new DesignCall(
                        SystemCall.SHARE_TABLES,
                        arguments -> call.share(caller.space(), arguments[0], arguments[1], (int) arguments[2])));
            }
        };
    }
}
