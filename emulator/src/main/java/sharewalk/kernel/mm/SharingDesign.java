package sharewalk.kernel.mm;

import sharewalk.mmu.paging.PagingMode;

/// A way of sharing page tables, as an experiment selects it by name.
public interface SharingDesign {
    /// Returns the name on the command line and in reports.
    String name();

    /// Returns where the design comes from: version, date, author.
    String source();

    /// Returns how far the design ever got.
    Kind kind();

    /// Returns whether the design works with a paging mode.
    boolean supports(PagingMode mode);

    /// Returns what a report must say of the design under a paging mode, empty when nothing.
    default String remark(PagingMode mode) {
        return "";
    }

    /// How far a design got.
    enum Kind {
        /// Part of Linux.
        MAINLINE,
        /// Patches were posted.
        POSTING,
        /// Only described.
        PROPOSAL
    }
}
