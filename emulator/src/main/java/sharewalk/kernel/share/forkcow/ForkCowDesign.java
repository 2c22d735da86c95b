package sharewalk.kernel.share.forkcow;

import java.util.List;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `fork-cow`: copy-on-write page tables as posted in version 5, for every process.
public final class ForkCowDesign implements InstallableDesign {
    private static final String NOT_FOLLOWED =
            "Not followed, as it would lose or show data: that MADV_DONTNEED of a page drops the whole table's, that a"
                    + " read of untouched memory maps the zero page for all sharers, that a child sees what"
                    + " MADV_WIPEONFORK keeps from it, that mremap(2) moves entries into a shared table.";

    private final Accounting accounting;
    private final boolean isAsked;

    /// Creates the design as posted but for its opt-in.
    public ForkCowDesign() {
        this(Accounting.AT_FORK, false);
    }

    private ForkCowDesign(Accounting accounting, boolean isAsked) {
        this.accounting = accounting;
        this.isAsked = isAsked;
    }

    @Override
    public String name() {
        return "fork-cow";
    }

    @Override
    public String source() {
        return switch (accounting) {
            case AT_FORK -> "[PATCH v5 00/17] Introduce Copy-On-Write to Page Table, Chih-En Lin, 14 Apr 2023";
            case AT_COPY -> "On-demand-fork, Kaiyang Zhao, Sishuai Gong, Pedro Fonseca, EuroSys '21";
        };
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public String optIn() {
        return isAsked
                ? "prctl(PR_SET_COW_PTE), option 65, before fork"
                : "none here; posted: prctl(PR_SET_COW_PTE) before fork (the variant hint)";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "fork gives the child its parent's last-level tables (2 MiB each) where entries would have been copied;"
                        + " both sides' entries above lose the right to write.",
                switch (accounting) {
                    case AT_FORK ->
                        "fork goes through every entry of a table it shares: write-protects it, takes its marks (accessed;"
                                + " dirty in shared areas), counts its page's new user.";
                    case AT_COPY ->
                        "fork touches no entry; a copy write-protects the entries and counts the pages' users.";
                },
                "A store, any fault in a file's area, or a fault that finds no page takes the process a table of its own:"
                        + " a copy of all 512 entries, or the shared one itself if nobody else has it any more.",
                "So do mprotect, mremap, and munmap or madvise of a part of a table, for each table with a flush of its own.",
                "munmap, madvise and exit of a whole table that one area covers let go of it without a copy.",
                switch (accounting) {
                    case AT_FORK ->
                        "A split of an area copies the table that goes on there, even if it only begins there; exit copies"
                                + " a table that several areas lie in before it clears the copy.";
                    case AT_COPY -> "A split of an area inside a table copies it; exit copies none.";
                },
                "A table with an area of MADV_DONTFORK in it is copied at fork.",
                NOT_FOLLOWED);
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                new Variant(
                        "hint",
                        "only processes that have called prctl(PR_SET_COW_PTE), and their children, as posted",
                        new ForkCowDesign(Accounting.AT_FORK, true)),
                new Variant(
                        "on-demand",
                        "On-demand-fork (EuroSys '21): fork touches no entry, which needs the rights that x86 has in"
                                + " entries above",
                        new ForkCowDesign(Accounting.AT_COPY, false)));
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public String remark(PagingMode mode) {
        return KernelRules.of(mode) == KernelRules.X86_64
                ? ""
                : "our port: entries that point at tables have no rights on RISC-V, so fork write-protects every leaf";
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        OptIn optIn = isAsked ? new OptIn.Asked() : new OptIn.Everybody();
        CowTables tables = new CowTables(memory, accounting, optIn);
        return new InstalledDesign() {
            @Override
            public MapHook mapHook() {
                return optIn;
            }

            @Override
            public TableSharing tableSharing() {
                return tables;
            }
        };
    }
}
