package sharewalk.kernel.share.hugetlbpmd;

import java.util.List;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `hugetlb-pmd`: Linux's own sharing of PMD pages.
public final class HugetlbPmdDesign implements InstallableDesign {
    @Override
    public String name() {
        return "hugetlb-pmd";
    }

    @Override
    public String source() {
        return "Linux, mm/hugetlb.c (huge_pmd_share), with the unsharing rules of January 2026";
    }

    @Override
    public Kind kind() {
        return Kind.MAINLINE;
    }

    @Override
    public String optIn() {
        return "none: MAP_SHARED of a hugetlb file with 2 MiB pages over whole aligned blocks of 1 GiB; libguest maps"
                + " that much, with MAP_NORESERVE";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A fault in a block without a table links the table of another mapping of the same file, at the same"
                        + " address within its block, with the same rights and flags.",
                "mprotect, munmap, mremap, madvise and a split inside a block unlink the block in the caller, who"
                        + " faults its pages in again; the others keep the table.",
                "A hole or truncation unlinks every sharer's block; the last one's entries are removed.",
                "Who unlinks flushes the whole block; when one user is left, every other hart is interrupted as well.",
                "fork copies no entries: the child links at its first fault.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        SharedPmdTables tables = new SharedPmdTables(memory);
        return new InstalledDesign() {
            @Override
            public TableSharing tableSharing() {
                return tables;
            }
        };
    }
}
