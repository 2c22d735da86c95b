package sharewalk.kernel.mm;

import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.TableCursor;

/// The moving of entries to other addresses of the same address space (`move_page_tables`): one flush of the old
/// addresses for each part that lies below one table page, on both sides.
final class EntryMove {
    private final AddressSpace space;
    private final TableCursor cursor;
    private final PteFormat format;
    private final Shootdown shootdown;
    private final Vma vma;
    private final long pageBytes;
    private final int level;

    EntryMove(AddressSpace space, Vma vma) {
        this.space = space;
        this.vma = vma;
        this.pageBytes = vma.pageBytes();
        this.level = vma.mapping().source() == null ? 0 : vma.mapping().source().leafLevel();
        this.cursor = space.table().cursor();
        this.format = space.format();
        this.shootdown = space.context().shootdown();
    }

    /// Moves the entries of `[from, from + sizeBytes)`. Returns false, with every entry back at its old place, when RAM
    /// is used up.
    boolean move(long from, long sizeBytes, long target) {
        long done = 0;
        while (done < sizeBytes) {
            long step = Math.min(sizeBytes - done, Math.min(untilTableEnd(from + done), untilTableEnd(target + done)));
            if (!movePart(from + done, step, target + done)) {
                moveBack(from, done, target);
                return false;
            }
            done += step;
        }
        return true;
    }

    private long untilTableEnd(long virtAddr) {
        long coverage = space.context().paging().tableCoverageBytes(level);
        return coverage - (virtAddr & (coverage - 1));
    }

    /// Below the old addresses every table still exists, so that this needs no RAM.
    private void moveBack(long oldStart, long sizeBytes, long newStart) {
        if (sizeBytes > 0 && !move(newStart, sizeBytes, oldStart)) {
            throw new IllegalStateException("no table at the old address %#x".formatted(oldStart));
        }
    }

    private boolean movePart(long from, long sizeBytes, long target) {
        long end = from + sizeBytes;
        long[] firstFailure = {Long.MAX_VALUE};
        if (movesSuperpage(from, sizeBytes, target)) {
            return moveSuperpage(from, target);
        }
        space.superpages().splitIn(vma, from, end);
        for (long page = from; page < end; page += pageBytes) {
            long pte = cursor.pteAt(page);
            if (pte != 0 && !put(target + page - from, pte)) {
                firstFailure[0] = page;
                break;
            }
        }
        if (firstFailure[0] != Long.MAX_VALUE) {
            shootdown.redeemRange(
                    space,
                    cursor.clearRange(target, target + firstFailure[0] - from, (_, _, _) -> {}),
                    FlushCause.MREMAP);
            return false;
        }
        shootdown.redeemRange(space, cursor.clearRange(from, end, (_, _, _) -> {}), FlushCause.MREMAP);
        return true;
    }

    /// move_huge_pmd needs a whole one, and no table at its new place.
    private boolean movesSuperpage(long from, long sizeBytes, long target) {
        return space.superpages().isMapped(vma, from)
                && sizeBytes == untilTableEnd(from)
                && sizeBytes == space.context().paging().coverageBytes(1)
                && (target & (sizeBytes - 1)) == 0
                && space.table().hardwareCursor().levelAt(target) > 0;
    }

    private boolean moveSuperpage(long from, long target) {
        long pte = cursor.pteAt(from);
        long end = from + space.context().paging().coverageBytes(1);
        try {
            shootdown.redeemUnseen(
                    cursor.map(target, format.leafPfn(pte, 1), format.permissions(pte), 1, format.isDirty(pte)));
        } catch (OutOfFramesException _) {
            return false;
        }
        shootdown.redeemSplit(space, cursor.clearRange(from, end, (_, _, _) -> {}), FlushCause.MREMAP);
        return true;
    }

    private boolean put(long virtAddr, long pte) {
        try {
            shootdown.redeemUnseen(cursor.map(
                    virtAddr, format.leafPfn(pte, level), format.permissions(pte), level, format.isDirty(pte)));
        } catch (OutOfFramesException _) {
            return false;
        }
        if (!format.isAccessed(pte)) {
            shootdown.redeemUnseen(cursor.edit(virtAddr, (_, moved, _) -> format.withoutAccessed(moved)));
        }
        return true;
    }
}
