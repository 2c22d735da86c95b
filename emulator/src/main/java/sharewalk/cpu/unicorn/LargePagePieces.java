package sharewalk.cpu.unicorn;

import java.util.Arrays;
import java.util.function.LongConsumer;

/// The 4 KiB pieces that an engine has of larger pages: a few of each of a few pages, by name.
final class LargePagePieces {
    /// A page with more pieces than this is dropped by emptying the engine's cache.
    static final int MOST_PIECES = 16;

    private static final int TOO_MANY = MOST_PIECES + 1;
    private static final int PAGES = 64;
    private static final long NO_PAGE = -1;

    private final LongConsumer engine;

    /// First addresses of pages, their shifts in the low bits, each in the slot that its number selects; or [#NO_PAGE].
    private final long[] pages = new long[PAGES];

    /// How many pieces each has, [#TOO_MANY] for any number that is.
    private final int[] counts = new int[PAGES];

    private final long[] pieces = new long[PAGES * MOST_PIECES];
    private boolean isEmpty;

    /// Creates an empty list; `engine` is told of each piece to drop.
    LargePagePieces(LongConsumer engine) {
        this.engine = engine;
        isEmpty = false;
        clear();
    }

    /// Adds a piece of the page of `1 << pageShift` bytes around it; returns false, changing nothing, if another page
    /// is in the way that has too many.
    boolean add(long piece, int pageShift) {
        int slot = slot(piece, pageShift);
        long page = (piece & -(1L << pageShift)) | pageShift;
        if (pages[slot] != page) {
            if (!dropPieces(slot)) {
                return false;
            }
            pages[slot] = page;
            isEmpty = false;
        }
        int first = slot * MOST_PIECES;
        int count = counts[slot];
        for (int i = first; i < first + Math.min(count, MOST_PIECES); i++) {
            if (pieces[i] == piece) {
                return true;
            }
        }
        if (count < MOST_PIECES) {
            pieces[first + count] = piece;
        }
        counts[slot] = Math.min(count + 1, TOO_MANY);
        return true;
    }

    /// Drops the pieces of a page from the engine; returns false, changing nothing, if they are too many.
    boolean drop(long virtAddr, int pageShift) {
        int slot = slot(virtAddr, pageShift);
        if (pages[slot] != (virtAddr | pageShift)) {
            return true;
        }
        if (!dropPieces(slot)) {
            return false;
        }
        pages[slot] = NO_PAGE;
        return true;
    }

    private boolean dropPieces(int slot) {
        if (counts[slot] == TOO_MANY) {
            return false;
        }
        int first = slot * MOST_PIECES;
        for (int i = first; i < first + counts[slot]; i++) {
            engine.accept(pieces[i]);
        }
        counts[slot] = 0;
        return true;
    }

    /// Forgets every piece: the engine has dropped them.
    void clear() {
        if (!isEmpty) {
            Arrays.fill(pages, NO_PAGE);
            Arrays.fill(counts, 0);
            isEmpty = true;
        }
    }

    private static int slot(long virtAddr, int pageShift) {
        return (int) (virtAddr >>> pageShift) & (PAGES - 1);
    }
}
