package sharewalk.mmu.walk;

import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// A comparison of what a walk cache holds of one address space with the tables.
///
/// Partial translations are compared with a walk from the root. Copies of table entries carry no address: those are
/// compared whose place the tables of this root still use, by going through the upper levels.
public final class WalkCacheAudit {
    private static final int ENTRY_BYTES = 8;
    private static final WalkMode AS_SUPERVISOR = WalkMode.SUPERVISOR_MODE.with(WalkMode.PURE);

    private final PagingMode paging;
    private final PteFormat format;
    private final PhysicalMemory memory;
    private final PageWalkCache cache;
    private final PageWalker walker;
    private final WalkResult walk = new WalkResult();
    private long compared;

    public WalkCacheAudit(PagingMode paging, PhysicalMemory memory, PageWalkCache cache, PageWalker walker) {
        this.paging = paging;
        this.format = paging.format();
        this.memory = memory;
        this.cache = cache;
        this.walker = walker;
    }

    /// Returns how many entries have been compared since this was made.
    public long compared() {
        return compared;
    }

    /// Shows what is kept wrongly for an address space.
    public void run(AddressSpaceRegister space, StaleTableVisitor visitor) {
        long rootPfn = space.rootPfn();
        cache.forEachPartial((entryAsid, virtAddr, level, kept) -> {
            if (entryAsid == cache.idOf(space.asid(), virtAddr, level)) {
                comparePartial(rootPfn, virtAddr, level, kept, visitor);
            }
        });
        if (cache.entries() != null) {
            compareEntries(cache.entries(), rootPfn << PhysicalMemory.FRAME_SHIFT, paging.rootLevel(), 0, visitor);
        }
    }

    private void comparePartial(long rootPfn, long virtAddr, int level, long kept, StaleTableVisitor visitor) {
        compared++;
        walker.walk(rootPfn, virtAddr, AccessType.LOAD, AS_SUPERVISOR, walk);
        int step = paging.rootLevel() - level;
        long fresh = walk.steps() > step + 1 ? walker.nextTable(walk.entry(step)) | walk.handedDown(step) : 0;
        boolean sameTable = (fresh & -PhysicalMemory.FRAME_BYTES) == (kept & -PhysicalMemory.FRAME_BYTES);
        if (!sameTable || (kept & ~fresh & Rights.MASK) != 0) {
            visitor.visit(level, virtAddr, kept, fresh);
        }
    }

    private void compareEntries(
            TableEntryCache entries, long table, int level, long virtAddr, StaleTableVisitor visitor) {
        for (int index = 0; index < paging.entriesPerTable(); index++) {
            long entryAddress = table + (long) index * ENTRY_BYTES;
            long covered = virtAddr + index * paging.coverageBytes(level);
            long pte = memory.read64(entryAddress);
            int slot = entries.find(entryAddress);
            if (slot != SetAssociativeStore.NO_SLOT) {
                compared++;
                if (!leadsTheSameWay(entries.entry(slot), pte, level)) {
                    visitor.visit(level, covered, walker.nextTable(entries.entry(slot)), walker.nextTable(pte));
                }
            }
            if (level > 1 && format.isPresent(pte) && format.isTable(pte, level)) {
                compareEntries(entries, walker.nextTable(pte), level - 1, covered, visitor);
            }
        }
    }

    private boolean leadsTheSameWay(long kept, long pte, int level) {
        return format.isPresent(pte)
                && format.isTable(pte, level)
                && format.pfn(kept) == format.pfn(pte)
                && (format.isWritable(pte) || !format.isWritable(kept))
                && (format.isUser(pte) || !format.isUser(kept))
                && (format.isExecutable(pte) || !format.isExecutable(kept));
    }
}
