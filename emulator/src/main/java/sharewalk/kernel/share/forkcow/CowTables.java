package sharewalk.kernel.share.forkcow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.ForkedEntries;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.LeafEdit;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;

/// Last-level tables that parents and children share until one of them would change an entry.
///
/// A table is shared as long as somebody shares it: the last of its sharers takes it back as it is, without a copy, at
/// its next change. What a table maps has one reference for each leaf, whoever sees it; a copy takes its own.
final class CowTables implements TableSharing {
    private final PteFormat format;
    private final long blockBytes;
    private final Accounting accounting;
    private final OptIn optIn;

    CowTables(MemoryContext memory, Accounting accounting, OptIn optIn) {
        this.format = memory.paging().format();
        this.blockBytes = memory.paging().tableCoverageBytes(0);
        this.accounting = accounting;
        this.optIn = optIn;
    }

    /// Shares what an area's entries lie in (`copy_pmd_range`): an area whose entries Linux would not copy is left to
    /// faults, as ever (`vma_needs_copy`).
    @Override
    public @Nullable PendingInvalidation forked(AddressSpace parent, AddressSpace child, Vma vma) {
        if (!vma.has(VmaTraits.HAS_ANONYMOUS) || vma.mapping() instanceof Mapping.Shown || !optIn.shares(parent)) {
            return null;
        }
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long block = vma.start() & -blockBytes; block < vma.end(); block += blockBytes) {
            if (child.table().cursor().attachedAt(block) != null) {
                continue;
            }
            try {
                pending = pending.merge(share(parent, child, vma, block));
            } catch (OutOfFramesException outOfFrames) {
                parent.context().shootdown().redeemWhole(parent, pending, FlushCause.FORK);
                throw outOfFrames;
            }
        }
        return pending;
    }

    private PendingInvalidation share(AddressSpace parent, AddressSpace child, Vma vma, long block) {
        TableCursor cursor = parent.table().cursor();
        SharedSubtree shared = cursor.attachedAt(block);
        List<Vma> areas = parent.vmas().overlapping(block, block + blockBytes);
        if ((shared == null && !cursor.hasOwnTable(block, 0)) || areas.stream().anyMatch(CowTables::isKeptBack)) {
            return copy(parent, child, Math.max(block, vma.start()), Math.min(block + blockBytes, vma.end()));
        }
        PendingInvalidation pending = PendingInvalidation.NONE;
        if (shared == null) {
            shared = parent.shareTable(Math.max(block, vma.start()), 0);
            pending = format.guardsTables() ? cursor.guard(block) : pending;
        }
        pending = pending.merge(passAtFork(parent, areas, block));
        try {
            parent.context().shootdown().redeemUnseen(child.table().cursor().attach(block, shared));
        } catch (OutOfFramesException outOfFrames) {
            parent.context().shootdown().redeemWhole(parent, pending, FlushCause.FORK);
            throw outOfFrames;
        }
        return pending;
    }

    private static PendingInvalidation copy(AddressSpace parent, AddressSpace child, long start, long end) {
        ForkedEntries.Outcome copied = ForkedEntries.copy(parent, child, start, end);
        OutOfFramesException failure = copied.failure();
        if (failure != null) {
            parent.context().shootdown().redeemWhole(parent, copied.pending(), FlushCause.FORK);
            throw failure;
        }
        return copied.pending();
    }

    /// Returns whether a child must not have what an area maps. The posting looks for VM_DONTCOPY alone, and would show
    /// a child the pages of an area that it is to find wiped.
    private static boolean isKeptBack(Vma vma) {
        return vma.has(VmaTraits.DONT_FORK) || vma.has(VmaTraits.WIPE_ON_FORK);
    }

    /// Goes through the entries of a table that fork shares, where that has to be (`copy_cow_pte_range`): the pages
    /// are accounted for, and the entries are both sides' now, so the parent's lose their marks too. Where entries
    /// above cannot forbid writing, all are write-protected here.
    private PendingInvalidation passAtFork(AddressSpace parent, List<Vma> areas, long block) {
        PendingInvalidation pending = PendingInvalidation.NONE;
        if (accounting == Accounting.AT_COPY && format.guardsTables()) {
            return pending;
        }
        for (Vma area : areas) {
            boolean isPrivate = !area.mapping().isShared();
            pending = pending.merge(protect(parent.table().cursor(), area, block, (_, pte, _) -> {
                long shared = isPrivate || !format.guardsTables() ? withoutWrite(pte) : pte;
                if (accounting == Accounting.AT_COPY || !format.isPresent(pte)) {
                    return shared;
                }
                shared = format.withoutAccessed(shared);
                return isPrivate ? shared : format.withoutDirty(shared);
            }));
        }
        return pending;
    }

    private PendingInvalidation protect(TableCursor cursor, Vma area, long block, LeafEdit edit) {
        return cursor.protectRange(Math.max(block, area.start()), Math.min(block + blockBytes, area.end()), edit);
    }

    private long withoutWrite(long pte) {
        return format.withPermissions(pte, format.permissions(pte).withoutWrite());
    }

    @Override
    public Linking beforeFault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        SharedSubtree subtree = shared(space, virtAddr);
        if (subtree == null) {
            return Linking.NOTHING;
        }
        // The hardware has just been here: what Linux looks at is the entry above.
        long pte = space.table().hardwareCursor().pteAt(virtAddr);
        boolean installs = !format.isPresent(pte);
        boolean isOfFile = !(vma.mapping() instanceof Mapping.Anonymous);
        if (access == AccessType.STORE || isOfFile || installs) {
            unshare(space, virtAddr & -blockBytes, subtree);
        }
        return Linking.NOTHING;
    }

    /// Each table is left, and flushed for, by itself, as the posting does.
    @Override
    public PendingInvalidation beforeChange(AddressSpace space, long start, long end, Change change) {
        TableCursor cursor = space.table().cursor();
        boolean isCut = change == Change.SPLIT || (change == Change.UNMAP && isInside(space, end));
        long last = isCut && cutsTable(end) ? end + 1 : end;
        // Whatever takes RAM comes first: nothing is let go of if there is none.
        List<Long> whole = new ArrayList<>();
        for (long block :
                List.copyOf(cursor.attachedIn(start & -blockBytes, last).keySet())) {
            SharedSubtree subtree = shared(space, block);
            if (subtree == null) {
                continue;
            }
            boolean leaves = switch (change) {
                case PROTECT, MOVE, SPLIT, UFFD, COPY -> false;
                case UNMAP, ADVISE -> start <= block && block + blockBytes <= end && isOneArea(space, block);
                case EXIT -> accounting == Accounting.AT_COPY || isOneArea(space, block);
            };
            if (leaves && subtree.attachments().size() > 1) {
                whole.add(block);
            } else if (change == Change.EXIT) {
                unshareAtEnd(space, block, subtree);
            } else {
                unshare(space, block, subtree);
            }
        }
        whole.forEach(block -> leave(space, block));
        return PendingInvalidation.NONE;
    }

    /// Returns whether a split of an area there takes the table that begins or goes on there: the posting copies it
    /// even where the split is at its border (`__split_vma`).
    private boolean cutsTable(long virtAddr) {
        return accounting == Accounting.AT_FORK || (virtAddr & (blockBytes - 1)) != 0;
    }

    private static boolean isInside(AddressSpace space, long virtAddr) {
        Vma vma = space.vmas().find(virtAddr);
        return vma != null && vma.start() < virtAddr;
    }

    /// Returns whether one area has all addresses of a table (`range_in_vma`).
    private boolean isOneArea(AddressSpace space, long block) {
        Vma vma = space.vmas().find(block);
        return vma != null && vma.end() >= block + blockBytes;
    }

    /// The end of a process copies a table that several areas lie in before it clears the copy, as the posting does;
    /// but it must not fail.
    private void unshareAtEnd(AddressSpace space, long block, SharedSubtree subtree) {
        try {
            unshare(space, block, subtree);
        } catch (OutOfFramesException _) {
            leave(space, block);
        }
    }

    /// Lets go of a table that others keep (`zap_pte_range` of a shared one): its entries stay as they are.
    private void leave(AddressSpace space, long block) {
        TableCursor cursor = space.table().cursor();
        if (accounting == Accounting.AT_FORK) {
            cursor.forEachLeaf(block, block + blockBytes, (_, _, _) -> {});
        }
        space.context().shootdown().redeemRange(space, cursor.detach(block), FlushCause.UNSHARE);
    }

    /// Gives a space a table of its own again (`handle_cow_pte_fault`): the shared one if nobody else has it any more,
    /// else a copy. No translation changes but for the right to write, which returns to what the leaves say.
    private void unshare(AddressSpace space, long block, SharedSubtree subtree) {
        TableCursor cursor = space.table().cursor();
        MemoryContext context = space.context();
        PendingInvalidation pending;
        if (subtree.attachments().size() == 1) {
            pending = cursor.reclaim(block);
        } else {
            protectForCopy(space, block);
            pending = cursor.unshareByCopy(block, (_, pte, level) -> {
                context.frames().retain(format.leafPfn(pte, level));
                return pte;
            });
        }
        context.shootdown().redeemRange(space, pending, FlushCause.UNSHARE);
    }

    /// Write-protects private pages in the shared table before they have two users, if fork has not: the copy takes the
    /// entries over as they are then. One pass does both in Linux, so that only the writes are counted here.
    private void protectForCopy(AddressSpace space, long block) {
        if (accounting == Accounting.AT_FORK || !format.guardsTables()) {
            return;
        }
        for (Vma area : space.vmas().overlapping(block, block + blockBytes)) {
            if (!area.mapping().isShared()) {
                PendingInvalidation unseen =
                        protect(space.table().hardwareCursor(), area, block, (virtAddr, pte, _) -> {
                            long copied = withoutWrite(pte);
                            if (copied != pte) {
                                space.context().current().counters(virtAddr).record(Counter.PTE_WRITE);
                            }
                            return copied;
                        });
                // The entries above have forbidden it all the time.
                space.context().shootdown().redeemUnseen(unseen);
            }
        }
    }

    /// Answers prctl(2)'s option of the patches.
    @Override
    public long control(AddressSpace space, int option) {
        return optIn.control(space, option);
    }

    private @Nullable SharedSubtree shared(AddressSpace space, long virtAddr) {
        SharedSubtree subtree = space.table().cursor().attachedAt(virtAddr);
        return subtree != null && isOurs(subtree) ? subtree : null;
    }

    private static boolean isOurs(SharedSubtree subtree) {
        return subtree.level() == 0 && subtree.host() == null;
    }
}
