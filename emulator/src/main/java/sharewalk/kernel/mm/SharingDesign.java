package sharewalk.kernel.mm;

import java.util.List;
import java.util.Locale;
import sharewalk.mmu.paging.PagingMode;

/// A way of sharing page tables, as an experiment selects it by name.
public interface SharingDesign {
    /// Returns the name on the command line, in reports and to guests; a variant has that of its design.
    String name();

    /// Returns where the design comes from: version, date, author.
    String source();

    /// Returns how far the design ever got.
    Kind kind();

    /// Returns what a program must do for its tables to be shared: a phrase without a full stop.
    String optIn();

    /// Returns what the design does at which operation, each rule a sentence or two.
    List<String> rules();

    /// Returns what this design becomes by other rules.
    default List<Variant> variants() {
        return List.of();
    }

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
        /// Only described: the rules are our reading of what was said.
        PROPOSAL;

        /// Returns the word for it in every list and report.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A design that differs from another by a few rules, and is selected as `NAME:VARIANT`.
    ///
    /// @param name what stands after the colon
    /// @param difference what it does otherwise, and who asked for it: a phrase without a full stop
    record Variant(String name, String difference, SharingDesign design) {}
}
