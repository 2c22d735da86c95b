package sharewalk.kernel.share.transparent;

import java.util.List;
import java.util.function.Predicate;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `transparent`, and its variant `hint`, which shares only where a program has said that it is reasonable.
public final class TransparentDesign implements InstallableDesign {
    private final boolean waitsForHint;

    private TransparentDesign(boolean waitsForHint) {
        this.waitsForHint = waitsForHint;
    }

    /// Returns the design that waits for no hint.
    public static TransparentDesign create() {
        return new TransparentDesign(false);
    }

    @Override
    public String name() {
        return "transparent";
    }

    @Override
    public String source() {
        return "David Hildenbrand on linux-mm, July 2022 and November 2023; no code";
    }

    @Override
    public Kind kind() {
        return Kind.PROPOSAL;
    }

    @Override
    public String optIn() {
        return waitsForHint ? "madvise(MADV_SHARE_TABLES) on a shared mapping of shmem" : "none: any program is served";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A leaf table is cached for each block (2 MiB) of a shmem file and each set of rights; a process's first"
                        + " fault in a block that its MAP_SHARED area covers links the table others have filled.",
                "The first process in a block fills a table of its own; it is shared from the second on.",
                "mprotect, munmap, mremap, madvise(MADV_DONTNEED) or a split inside a block unlink the caller's table"
                        + " of it; the others keep theirs.",
                "After mprotect of whole blocks the caller is linked to the table of its new rights, if there is one.",
                "Truncation, punched holes and reclaim change the shared entry once and flush each process.",
                "PROT_NONE, private mappings and userfaultfd areas never share.",
                "fork copies nothing: the child is linked at its first fault in a block.");
    }

    @Override
    public List<Variant> variants() {
        return waitsForHint
                ? List.of()
                : List.of(new Variant(
                        "hint",
                        "shares only where madvise(MADV_SHARE_TABLES) has asked for it, as Hildenbrand suggests",
                        new TransparentDesign(true)));
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        Predicate<Vma> shmem = TransparentDesign::isShmem;
        CachedTables tables =
                new CachedTables(waitsForHint ? shmem.and(vma -> vma.has(VmaTraits.SHARES_TABLES)) : shmem);
        return new InstalledDesign() {
            @Override
            public TableSharing tableSharing() {
                return tables;
            }
        };
    }

    private static boolean isShmem(Vma vma) {
        return vma.mapping() instanceof Mapping.SharedPages(var source) && source.isShmem();
    }
}
