package sharewalk.mmu.cause;

import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.walk.Rights;

/// A translation in a shadow TLB. Above the physical address, which ends at bit 56, it carries a mark: the cause of the
/// flushes that have dropped its like from the real TLB since it was last used.
final class Marked {
    /// Nothing has been dropped.
    static final int NO_MARK = 0;

    private static final int SHIFT = 57;
    private static final long UNMARKED = (1L << SHIFT) - 1;

    private Marked() {}

    /// Returns the translation without a mark.
    static long unmarked(long translation) {
        return translation & UNMARKED;
    }

    /// Returns the translation marked by one more flush.
    static long by(MissCause cause, long translation) {
        return (long) joined(mark(translation), cause) << SHIFT | unmarked(translation);
    }

    /// Returns the mark that flushes for `cause` leave where there was `mark`.
    static int joined(int mark, MissCause cause) {
        return (mark == NO_MARK || mark == cause.index() ? cause : MissCause.SEVERAL).index();
    }

    /// Returns the mark of a page that the first level would answer as well as the second: where the flushes of more
    /// than one cause have taken it from the first, and those of one from the second, sparing that one would do.
    static int ofEither(int firstMark, int secondMark) {
        return firstMark == MissCause.SEVERAL.index() && secondMark != NO_MARK ? secondMark : firstMark;
    }

    /// Returns the mark, [#NO_MARK] for none: a number of a [MissCause].
    static int mark(long translation) {
        return (int) (translation >>> SHIFT);
    }

    /// Returns the cause that a mark names.
    static MissCause cause(int mark) {
        return mark == NO_MARK ? MissCause.INDIRECT : MissCause.ofIndex(mark);
    }

    /// Returns the first physical address of the page.
    static long address(long translation) {
        return unmarked(translation) & ~(long) Rights.MASK;
    }

    /// Returns whether two translations allow the same.
    static boolean sameRights(long one, long other) {
        return ((one ^ other) & Rights.MASK & ~Rights.DIRTY) == 0;
    }
}
