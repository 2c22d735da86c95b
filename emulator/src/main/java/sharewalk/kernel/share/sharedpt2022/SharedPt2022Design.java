package sharewalk.kernel.share.sharedpt2022;

import java.util.List;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `shared-pt-2022`, as posted or with the rules that the posting says it has.
public final class SharedPt2022Design implements InstallableDesign {
    private static final String STRICT = "strict";

    private final boolean strict;

    private SharedPt2022Design(boolean strict) {
        this.strict = strict;
    }

    /// Returns the design as posted.
    public static SharedPt2022Design posted() {
        return new SharedPt2022Design(false);
    }

    @Override
    public String name() {
        return "shared-pt-2022";
    }

    @Override
    public String source() {
        return "[PATCH RFC v2 0/4] Add support for sharing page tables across processes, Khalid Aziz, 26 Apr 2023";
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public String optIn() {
        return "mmap a file with MAP_SHARED | MAP_SHARED_PT (0x200000) at the same address and length in each process,"
                + " both multiples of 2 MiB";
    }

    @Override
    public List<String> rules() {
        String compared = strict
                ? "A later mapping of the file shares if address, length, offset and rights are those of the first;"
                        + " MAP_PRIVATE fails with EINVAL."
                : "A later mapping of the file shares if address, length and offset are those of the first, whatever its"
                        + " rights; even MAP_PRIVATE shares, and its copies are seen by all.";
        return List.of(
                "The flag is a hint: what is no file, or not aligned, is mapped as ever.",
                compared,
                "A process's first fault in a 2 MiB slot hangs the host's leaf table in (a link fault); a page is faulted"
                        + " in once for all.",
                "mprotect by one process changes rights for all sharers, whole or in part.",
                "munmap of the exact range takes the caller out; of a part, or mremap: EINVAL.",
                "madvise that drops pages drops them for all.",
                "fork gives the child the mapping and no tables; exit and exec take a process out.",
                "A change in the host flushes every hart whole.");
    }

    @Override
    public List<Variant> variants() {
        return strict
                ? List.of()
                : List.of(new Variant(
                        STRICT,
                        "compares the rights of mappings and refuses MAP_PRIVATE, as the posting's comments say",
                        new SharedPt2022Design(true)));
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        HostedFiles files = new HostedFiles(memory, strict);
        return new InstalledDesign() {
            @Override
            public MapHook mapHook() {
                return files;
            }
        };
    }
}
