package sharewalk.kernel.share.hugetlbpmd;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.HugePages;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.SharedSubtree.Attachment;

/// The sharing of level-1 tables (PMD pages) between shared mappings of one hugetlb file with 2 MiB pages: the table of
/// a whole block of 1 GiB, found in whoever has one already when somebody else needs one.
///
/// Whoever is about to differ leaves first, and faults its pages in again when it comes back; the others go on with the
/// table.
final class SharedPmdTables implements TableSharing {
    private static final int PMD_LEVEL = 1;

    /// What must not differ between two areas, of all flags (`vm_flags & ~VM_LOCKED_MASK`).
    private static final int DECISIVE_FLAGS = ~(VmaTraits.LOCKED | VmaTraits.HAS_ANONYMOUS);

    private final MemoryContext memory;
    private final long blockBytes;

    SharedPmdTables(MemoryContext memory) {
        this.memory = memory;
        this.blockBytes = memory.paging().tableCoverageBytes(PMD_LEVEL);
    }

    /// A place where a block is mapped, as wholly as sharing asks for.
    private record Candidate(AddressSpace space, long block) {}

    /// Links the table of another area before this one would get its own (`huge_pmd_share`). The fault goes on in the
    /// table that is there then: one minor fault, as in Linux, whoever has filled the entry.
    @Override
    public Linking beforeFault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        HugePages file = vma.hugePages();
        long block = virtAddr & -blockBytes;
        if (file != null && wantsSharing(vma, file, block) && !hasTable(space, block)) {
            Candidate other = findTable(vma, file, block);
            if (other != null) {
                link(space, block, other);
            }
        }
        return Linking.NOTHING;
    }

    /// Lets go of the shared tables of all blocks that a change touches (`huge_pmd_unshare`, `hugetlb_unshare_pmds`).
    /// What is left of the areas has no entries there then. A cut between two blocks touches none.
    @Override
    public PendingInvalidation beforeChange(AddressSpace space, long start, long end, Change change) {
        if (change == Change.COPY) {
            return PendingInvalidation.NONE;
        }
        PendingInvalidation pending = PendingInvalidation.NONE;
        boolean isLastUserLeft = false;
        for (long block : List.copyOf(
                space.table().cursor().attachedIn(start & -blockBytes, end).keySet())) {
            SharedSubtree table = space.table().cursor().attachedAt(block);
            pending = pending.merge(space.table().cursor().detach(block));
            isLastUserLeft |= table != null && reclaimIfAlone(table);
        }
        if (isLastUserLeft) {
            memory.shootdown().waitForWalkers(start);
        }
        return pending;
    }

    /// `want_pmd_share`.
    private boolean wantsSharing(Vma vma, HugePages file, long block) {
        return file.leafLevel() == PMD_LEVEL
                && vma.mapping().isShared()
                && vma.start() <= block
                && block + blockBytes <= vma.end();
    }

    private static boolean hasTable(AddressSpace space, long block) {
        return space.table().hardwareCursor().attachedAt(block) != null
                || space.table().hardwareCursor().hasOwnTable(block, PMD_LEVEL);
    }

    private @Nullable Candidate findTable(Vma wanted, HugePages file, long block) {
        for (AddressSpace space : file.mappings().spaces()) {
            for (Vma vma : space.vmas().all()) {
                long there = vma.virtAddrOf(wanted.pageIndex(block));
                if (isAlike(vma, wanted, file)
                        && (there & (blockBytes - 1)) == 0
                        && wantsSharing(vma, file, there)
                        && hasTable(space, there)) {
                    return new Candidate(space, there);
                }
            }
        }
        return null;
    }

    private static boolean isAlike(Vma vma, Vma wanted, HugePages file) {
        return file.equals(vma.hugePages())
                && vma.prot() == wanted.prot()
                && vma.traits().maxProt() == wanted.traits().maxProt()
                && ((vma.traits().flags() ^ wanted.traits().flags()) & DECISIVE_FLAGS) == 0;
    }

    private void link(AddressSpace space, long block, Candidate other) {
        SharedSubtree table = other.space().table().cursor().attachedAt(other.block());
        SharedSubtree shared = table != null ? table : other.space().shareTable(other.block(), PMD_LEVEL);
        try {
            memory.shootdown().redeemUnseen(space.table().cursor().attach(block, shared));
        } finally {
            boolean _ = reclaimIfAlone(shared);
        }
    }

    /// Makes the table the last user's own again; returns whether it was the last.
    private boolean reclaimIfAlone(SharedSubtree table) {
        List<Attachment> users = table.attachments();
        if (users.size() != 1) {
            return false;
        }
        Attachment last = users.getFirst();
        memory.shootdown().redeemUnseen(last.table().cursor().reclaim(last.virtAddr()));
        return true;
    }
}
