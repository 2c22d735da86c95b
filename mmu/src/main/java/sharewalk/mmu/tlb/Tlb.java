package sharewalk.mmu.tlb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.paging.PageSize;

/// One translation lookaside buffer: an array, or several for different page sizes, of translations that only its owner
/// can read.
///
/// Finding changes nothing; [#touch] and [#insert] do. A page lies in the array for its size, in the set that its own
/// page number selects; a page of a size that no array holds is kept in pieces of the next smaller size that one does,
/// each when it is used. A *slot* is the place of an entry, whichever array it lies in. Nothing is allocated after
/// construction.
public final class Tlb {
    public static final int NO_SLOT = SetAssociativeStore.NO_SLOT;

    /// A range of more pages than this is invalidated by looking at every entry instead of for every page.
    private static final int MOST_PAGES_BY_NAME = 32;

    private static final int PAGE_BYTES = 1 << TlbTag.PAGE_SHIFT;

    private final TlbGeometry geometry;
    private final QuietPageListener listener;

    /// The array of 4 KiB pages. Its slots are numbered first.
    private final TlbArray small;

    /// That array and the others.
    private final TlbArray[] arrays;

    private final int smallSlots;

    /// By the number of a size: the array that holds it, or else the one that holds pieces of it.
    private final TlbArray[] arrayOfSize = new TlbArray[TlbTag.SIZES];

    /// By page shift: the size in which such pages are kept.
    private final byte[] heldShifts = new byte[Long.SIZE];

    /// How many entries are of the size with number `i / 2`, global where `i` is odd.
    private final int[] population = new int[2 * TlbTag.SIZES];

    /// Which of them are not 0, by bit, apart from plain 4 KiB ones.
    private int unusualKinds;

    /// How many entries hold a piece of a larger page.
    private int pieces;

    private long sizeConflicts;

    /// Creates an empty TLB. The array of 4 KiB pages draws its random choices as the structure called `name`, any
    /// other as `name@SIZE`, by the smallest size that it holds.
    public Tlb(TlbGeometry geometry, HartSeed seed, String name, QuietPageListener listener) {
        this.geometry = geometry;
        this.listener = listener;
        arrays = new TlbArray[geometry.arrays().size()];
        int made = 0;
        int firstSlot = 0;
        for (TlbArrayGeometry array : geometry.smallestFirst()) {
            PageSize smallest = array.smallest();
            String suffix = smallest == PageSize.KIB_4 ? "" : "@" + smallest;
            arrays[made] = new TlbArray(array, firstSlot, seed.of(name + suffix), listener);
            for (PageSize size : array.sizes()) {
                arrayOfSize[TlbTag.sizeNumber(size.shift())] = arrays[made];
            }
            firstSlot = arrays[made].endSlot();
            made++;
        }
        small = arrays[0];
        smallSlots = small.endSlot();
        for (PageSize size : PageSize.values()) {
            int held = geometry.held(size).shift();
            heldShifts[size.shift()] = (byte) held;
            arrayOfSize[TlbTag.sizeNumber(size.shift())] = arrayOfSize[TlbTag.sizeNumber(held)];
        }
    }

    public TlbGeometry geometry() {
        return geometry;
    }

    /// Returns the slot of the entry that translates `virtAddr` in `asid`, or [#NO_SLOT]. Changes nothing.
    public int find(int asid, long virtAddr) {
        int slot = small.find(TlbTag.ofPage(asid, virtAddr), TlbTag.setNumber(virtAddr, TlbTag.PAGE_SHIFT));
        return slot != NO_SLOT || unusualKinds == 0 ? slot : findUnusual(asid, virtAddr);
    }

    private int findUnusual(int asid, long virtAddr) {
        for (int kinds = unusualKinds; kinds != 0; kinds &= kinds - 1) {
            int kind = Integer.numberOfTrailingZeros(kinds);
            int slot = findOfSize(asid, virtAddr, kind >> 1, (kind & 1) != 0);
            if (slot != NO_SLOT) {
                return slot;
            }
        }
        return NO_SLOT;
    }

    private int findOfSize(int asid, long virtAddr, int sizeNumber, boolean global) {
        long setNumber = TlbTag.setNumber(virtAddr, TlbTag.shiftOfSize(sizeNumber));
        return arrayOfSize[sizeNumber].find(TlbTag.ofSize(asid, virtAddr, sizeNumber, global), setNumber);
    }

    /// Returns the tag in `slot`, negative if the slot is empty.
    public long tag(int slot) {
        return arrayOf(slot).tag(slot);
    }

    /// Returns what was inserted with the tag in `slot`: a piece's own translation, not that of the page it is of.
    public long translation(int slot) {
        return arrayOf(slot).translation(slot);
    }

    /// Returns the number of address bits inside the page, of which the entry in `slot` may hold a piece.
    public int leafShift(int slot) {
        return arrayOf(slot).leafShift(slot);
    }

    /// Replaces the translation in `slot`. No hit: neither the policy nor the listener hears of it.
    public void replaceTranslation(int slot, long translation) {
        arrayOf(slot).replaceTranslation(slot, translation);
    }

    /// Records a hit on `slot`.
    public void touch(int slot) {
        arrayOf(slot).touch(slot);
    }

    /// Returns the size, as a shift, in which a page of `1 << pageShift` bytes is kept: its own or a smaller one.
    public int heldShift(int pageShift) {
        return heldShifts[pageShift];
    }

    /// Returns the slot that inserting a page of `1 << pageShift` bytes around `virtAddr` would take from another
    /// entry, or [#NO_SLOT]. Changes nothing.
    public int victim(long virtAddr, int pageShift) {
        int held = heldShifts[pageShift];
        return arrayOfSize[TlbTag.sizeNumber(held)].victim(TlbTag.setNumber(virtAddr, held));
    }

    /// Returns whether the next insertion into its set would take `slot` from its entry.
    public boolean isNextVictim(int slot) {
        return arrayOf(slot).isNextVictim(slot);
    }

    /// Puts in the translation of a page, or of its piece around `virtAddr`, and returns its slot. The entry in
    /// `pinnedSlot` ([#NO_SLOT] for none) is not the victim, unless its set has one way.
    ///
    /// Preconditions: [#find] finds no entry for the tag's address space and `virtAddr`. Tag and translation are
    /// those of the page or of a piece of it, `leafShift` is the size of the page.
    @CanIgnoreReturnValue
    public int insert(long tag, long virtAddr, long translation, int leafShift, int pinnedSlot) {
        int shift = TlbTag.pageShift(tag);
        int held = heldShifts[shift];
        if (held == shift) {
            return insertHeld(tag, translation, leafShift, pinnedSlot);
        }
        long offset = virtAddr & ((1L << shift) - 1) & -(1L << held);
        return insertHeld(TlbTag.piece(tag, virtAddr, held), translation + offset, leafShift, pinnedSlot);
    }

    private int insertHeld(long tag, long translation, int leafShift, int pinnedSlot) {
        int sizeNumber = TlbTag.sizeNumberOf(tag);
        if (sizeNumber > 0 && holdsSmallerThan(sizeNumber)) {
            noteSizeConflicts(tag, translation);
        }
        TlbArray array = arrayOfSize[sizeNumber];
        int slot = array.insert(tag, translation, leafShift, pinnedSlot);
        count(tag, leafShift, 1);
        long evicted = array.evictedTag();
        if (evicted >= 0) {
            count(evicted, array.evictedLeafShift(), -1);
        }
        return slot;
    }

    /// Forgets whatever [#find] finds for `virtAddr` in `asid`, global entries too.
    public void invalidateEvery(int asid, long virtAddr) {
        for (int slot = find(asid, virtAddr); slot != NO_SLOT; slot = find(asid, virtAddr)) {
            drop(slot);
        }
    }

    /// Forgets what translates `virtAddr` in `asid`, of whatever size, and every other piece of the same page (Intel
    /// SDM 3A 4.10.2.3). Global entries stay.
    public void invalidatePage(int asid, long virtAddr) {
        if (pieces > 0) {
            invalidateOverlapping(asid, virtAddr, virtAddr + 1);
            return;
        }
        for (int sizeNumber = 0; sizeNumber < TlbTag.SIZES; sizeNumber++) {
            if (population[2 * sizeNumber] > 0) {
                int slot = findOfSize(asid, virtAddr, sizeNumber, false);
                if (slot != NO_SLOT) {
                    drop(slot);
                }
            }
        }
    }

    /// Forgets what translates any of `[start, end)` in `asid`, and every other piece of the same pages. Global entries
    /// stay.
    public void invalidateRange(int asid, long start, long end) {
        boolean isShort = Long.compareUnsigned(end - start, (long) MOST_PAGES_BY_NAME << TlbTag.PAGE_SHIFT) <= 0;
        if (!isShort || pieces > 0) {
            invalidateOverlapping(asid, start, end);
            return;
        }
        for (long virtAddr = start & -PAGE_BYTES; virtAddr < end; virtAddr += PAGE_BYTES) {
            invalidatePage(asid, virtAddr);
        }
    }

    private void invalidateOverlapping(int asid, long start, long end) {
        for (TlbArray array : arrays) {
            for (int slot = array.firstSlot(); slot < array.endSlot(); slot++) {
                long tag = array.tag(slot);
                if (tag >= 0
                        && TlbTag.asid(tag) == asid
                        && TlbTag.overlaps(TlbTag.virtAddr(tag), array.leafShift(slot), start, end)) {
                    drop(slot);
                }
            }
        }
    }

    /// Forgets everything of `asid`. Global entries stay.
    public void invalidateAsid(int asid) {
        boolean any = false;
        for (TlbArray array : arrays) {
            for (int slot = array.firstSlot(); slot < array.endSlot(); slot++) {
                long tag = array.tag(slot);
                if (tag >= 0 && TlbTag.asid(tag) == asid) {
                    count(tag, array.leafShift(slot), -1);
                    array.forget(slot);
                    any = true;
                }
            }
        }
        if (any) {
            listener.allNoLongerQuiet();
        }
    }

    /// Forgets everything.
    public void flush() {
        for (TlbArray array : arrays) {
            array.forgetAll();
        }
        Arrays.fill(population, 0);
        unusualKinds = 0;
        pieces = 0;
        listener.allNoLongerQuiet();
    }

    /// Returns how often a superpage came in while a smaller page inside it, in another frame, was still here: on
    /// hardware, a program error with an unpredictable outcome (Intel SDM 3A 4.10.2.3). Here the smaller page is
    /// found first.
    public long sizeConflicts() {
        return sizeConflicts;
    }

    /// Shows every entry: of each array in slot order, the array of 4 KiB pages first.
    public void forEachEntry(TlbEntryVisitor visitor) {
        for (TlbArray array : arrays) {
            for (int slot = array.firstSlot(); slot < array.endSlot(); slot++) {
                if (array.tag(slot) >= 0) {
                    visitor.visit(array.tag(slot), array.translation(slot));
                }
            }
        }
    }

    private void drop(int slot) {
        TlbArray array = arrayOf(slot);
        count(array.tag(slot), array.leafShift(slot), -1);
        array.drop(slot);
    }

    private TlbArray arrayOf(int slot) {
        return slot < smallSlots ? small : otherArrayOf(slot);
    }

    private TlbArray otherArrayOf(int slot) {
        int array = 1;
        while (slot >= arrays[array].endSlot()) {
            array++;
        }
        return arrays[array];
    }

    private void count(long tag, int leafShift, int change) {
        int sizeNumber = TlbTag.sizeNumberOf(tag);
        int kind = 2 * sizeNumber + (TlbTag.isGlobal(tag) ? 1 : 0);
        population[kind] += change;
        if (kind != 0) {
            unusualKinds = population[kind] == 0 ? unusualKinds & ~(1 << kind) : unusualKinds | 1 << kind;
        }
        if (leafShift != TlbTag.shiftOfSize(sizeNumber)) {
            pieces += change;
        }
    }

    private boolean holdsSmallerThan(int sizeNumber) {
        for (int kind = 0; kind < 2 * sizeNumber; kind++) {
            if (population[kind] > 0) {
                return true;
            }
        }
        return false;
    }

    private void noteSizeConflicts(long superpageTag, long translation) {
        long start = TlbTag.virtAddr(superpageTag);
        long end = start + TlbTag.sizeBytes(superpageTag);
        for (TlbArray array : arrays) {
            for (int slot = array.firstSlot(); slot < array.endSlot(); slot++) {
                long tag = array.tag(slot);
                if (tag >= 0 && TlbTag.asid(tag) == TlbTag.asid(superpageTag) && TlbTag.overlaps(tag, start, end)) {
                    long expected = translation + TlbTag.virtAddr(tag) - start;
                    if (((expected ^ array.translation(slot)) & -PAGE_BYTES) != 0) {
                        sizeConflicts++;
                        return;
                    }
                }
            }
        }
    }
}
