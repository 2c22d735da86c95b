package sharewalk.kernel.share.sharedpt2026;

import java.util.List;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `shared-pt-2026`.
public final class SharedPt2026Design implements InstallableDesign {
    @Override
    public String name() {
        return "shared-pt-2026";
    }

    @Override
    public String source() {
        return "MAP_SHARED_PT tree with domains and unsharing, Kalesh Singh, Feb 2026";
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public String optIn() {
        return "mmap a file with MAP_SHARED_PT (the bit of MAP_HUGETLB) and MAP_FIXED, address and length multiples of"
                + " 2 MiB, then fork";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A process and those forked from it after its first such mapping are a domain; nobody else shares.",
                "Without a file, MAP_FIXED or alignment, with PROT_WRITE but not MAP_SHARED, or over an address that the"
                        + " domain has already: EINVAL. Read-only MAP_PRIVATE is shared.",
                "A fault is taken in the domain's shadow, whose leaf table is then hung in; where the page is there"
                        + " already, only that (a link fault).",
                "mprotect, mremap, a partial munmap, a mapping over a part, MADV_DONTNEED and MADV_REMOVE unshare the"
                        + " area in the caller alone: its leaf tables are copied entry by entry.",
                "Truncation, hole punch and MADV_PAGEOUT act in the shadow, for all.",
                "fork gives the child the areas and no tables; munmap of the whole, exit and exec drop links only.",
                "A change in the shadow flushes every hart, all address spaces.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public String remark(PagingMode mode) {
        return KernelRules.of(mode) == KernelRules.X86_64 ? "" : "our port: the tree is for x86-64 and arm64";
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        Domains domains = new Domains(memory);
        return new InstalledDesign() {
            @Override
            public MapHook mapHook() {
                return domains;
            }
        };
    }
}
