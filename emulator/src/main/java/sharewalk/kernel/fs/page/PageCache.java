package sharewalk.kernel.fs.page;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The pages of one file that lie in frames, or in swap slots; it holds one reference to each.
///
/// Sparse: its cost follows the pages resident, not the size of the file.
final class PageCache {
    /// The answer for a page that is not resident; frame 0 is never handed out.
    static final long ABSENT = 0;

    private static final int RUN_SHIFT = 6;
    private static final int RUN_PAGES = 1 << RUN_SHIFT;

    private static final long[] NO_RUN = {};

    private final PageFrames frames;
    private final NavigableMap<Long, long[]> runs = new TreeMap<>();
    private long residentPages;

    PageCache(PageFrames frames) {
        this.frames = frames;
    }

    /// Returns the frame or the swap slot of a page, or `ABSENT`.
    long find(long pageIndex) {
        long[] run = runs.get(pageIndex >> RUN_SHIFT);
        return run == null ? ABSENT : run[(int) pageIndex & RUN_PAGES - 1];
    }

    /// Adds a page, taking over the caller's reference to its frame.
    ///
    /// Preconditions:
    /// - the page is not resident
    void add(long pageIndex, long pfn) {
        long[] run = runs.computeIfAbsent(pageIndex >> RUN_SHIFT, key -> new long[RUN_PAGES]);
        run[(int) pageIndex & RUN_PAGES - 1] = pfn;
        residentPages++;
    }

    /// Puts another frame or slot in a page's place, taking over the caller's reference; that of the old one is
    /// dropped by the caller.
    ///
    /// Preconditions:
    /// - the page is resident
    void replace(long pageIndex, long pfn) {
        runs.getOrDefault(pageIndex >> RUN_SHIFT, NO_RUN)[(int) pageIndex & RUN_PAGES - 1] = pfn;
    }

    /// Lets go of the pages `[firstPage, endPage)`; returns how many were resident.
    long remove(long firstPage, long endPage) {
        if (firstPage >= endPage) {
            return 0;
        }
        long before = residentPages;
        Iterator<Map.Entry<Long, long[]>> touched =
                runsOf(firstPage, endPage).entrySet().iterator();
        while (touched.hasNext()) {
            Map.Entry<Long, long[]> run = touched.next();
            long base = run.getKey() << RUN_SHIFT;
            clear(run.getValue(), (int) Math.max(firstPage - base, 0), (int) Math.min(endPage - base, RUN_PAGES));
            if (isEmpty(run.getValue())) {
                touched.remove();
            }
        }
        return before - residentPages;
    }

    /// Returns how many of the pages `[firstPage, endPage)` are resident.
    long residentPages(long firstPage, long endPage) {
        if (firstPage >= endPage) {
            return 0;
        }
        long count = 0;
        for (Map.Entry<Long, long[]> run : runsOf(firstPage, endPage).entrySet()) {
            long base = run.getKey() << RUN_SHIFT;
            int end = (int) Math.min(endPage - base, RUN_PAGES);
            for (int slot = (int) Math.max(firstPage - base, 0); slot < end; slot++) {
                count += run.getValue()[slot] == ABSENT ? 0 : 1;
            }
        }
        return count;
    }

    /// Returns how many pages are resident.
    long residentPages() {
        return residentPages;
    }

    /// Returns the first resident page from a page on, or `Long.MAX_VALUE`.
    long nextResident(long pageIndex) {
        for (Map.Entry<Long, long[]> run :
                runs.tailMap(pageIndex >> RUN_SHIFT, true).entrySet()) {
            long base = run.getKey() << RUN_SHIFT;
            for (int slot = (int) Math.max(pageIndex - base, 0); slot < RUN_PAGES; slot++) {
                if (run.getValue()[slot] != ABSENT) {
                    return base + slot;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /// Returns the first page from a page on that is not resident.
    long nextAbsent(long pageIndex) {
        long page = pageIndex;
        while (find(page) != ABSENT) {
            page++;
        }
        return page;
    }

    private NavigableMap<Long, long[]> runsOf(long firstPage, long endPage) {
        return runs.subMap(firstPage >> RUN_SHIFT, true, (endPage - 1) >> RUN_SHIFT, true);
    }

    private void clear(long[] run, int firstSlot, int endSlot) {
        for (int slot = firstSlot; slot < endSlot; slot++) {
            if (run[slot] != ABSENT) {
                frames.release(run[slot]);
                run[slot] = ABSENT;
                residentPages--;
            }
        }
    }

    private static boolean isEmpty(long[] run) {
        for (long pfn : run) {
            if (pfn != ABSENT) {
                return false;
            }
        }
        return true;
    }
}
