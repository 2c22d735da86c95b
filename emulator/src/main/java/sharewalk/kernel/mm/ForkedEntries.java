package sharewalk.kernel.mm;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// The copying of entries to a forked child (`copy_present_ptes`): write-protected on both sides, old in the child.
public final class ForkedEntries {
    private final AddressSpace parent;
    private final AddressSpace child;
    private final PteFormat format;
    private @Nullable OutOfFramesException failure;

    private ForkedEntries(AddressSpace parent, AddressSpace child) {
        this.parent = parent;
        this.child = child;
        this.format = parent.format();
    }

    /// What became of a copying: what is owed for the parent's entries, and what ended it before all were copied, if
    /// anything did.
    public record Outcome(
            PendingInvalidation pending, @Nullable OutOfFramesException failure) {}

    /// Copies the entries of `[start, end)`.
    public static Outcome copy(AddressSpace parent, AddressSpace child, long start, long end) {
        ForkedEntries entries = new ForkedEntries(parent, child);
        PendingInvalidation pending = parent.table().cursor().protectRange(start, end, entries::copy);
        return new Outcome(pending, entries.failure);
    }

    /// Maps the child's entry; returns the parent's new one.
    private long copy(long virtAddr, long pte, int level) {
        boolean isFilesHugePage =
                level > 0 && parent.context().frames().table().use(format.leafPfn(pte, level)) == FrameUse.DATA;
        if (failure != null || isFilesHugePage) {
            // copy_huge_pmd: a file's huge page is faulted in again.
            return pte;
        }
        Permissions permissions = format.permissions(pte).withoutWrite();
        long pfn = format.leafPfn(pte, level);
        Shootdown shootdown = parent.context().shootdown();
        try {
            shootdown.redeemUnseen(child.table().cursor().map(virtAddr, pfn, permissions, level, format.isDirty(pte)));
        } catch (OutOfFramesException outOfFrames) {
            failure = outOfFrames;
            return pte;
        }
        parent.context().frames().retain(pfn);
        shootdown.redeemUnseen(child.table().cursor().edit(virtAddr, (_, copy, _) -> format.withoutAccessed(copy)));
        return format.withPermissions(pte, permissions);
    }
}
