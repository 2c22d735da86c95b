package sharewalk.kernel.mm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;

/// The taking of the right to write from every entry that maps pages of a file shared, by its reverse map
/// (`page_mkclean`). A table that several processes share is passed over once; each sharer is flushed.
final class WriteProtection {
    private final PageSource source;
    private final long firstPage;
    private final long endPage;
    private final Set<Part> seen = new HashSet<>();

    /// A part of a shared subtree, as large as one table of leaves.
    private record Part(SharedSubtree subtree, long offset) {}

    WriteProtection(PageSource source, long firstPage, long endPage) {
        this.source = source;
        this.firstPage = firstPage;
        this.endPage = endPage;
    }

    /// Takes the right from the entries of all the address spaces.
    void takeFrom(List<AddressSpace> spaces) {
        for (AddressSpace space : spaces) {
            PendingInvalidation pending = PendingInvalidation.NONE;
            for (Vma vma : space.vmas().all()) {
                long last = vma.pageIndex(vma.end());
                if (vma.mapping() instanceof Mapping.SharedPages(var mapped)
                        && mapped.equals(source)
                        && firstPage < last
                        && endPage > vma.pageOffset()) {
                    long start = vma.virtAddrOf(Math.max(firstPage, vma.pageOffset()));
                    long end = vma.virtAddrOf(Math.min(endPage, last));
                    space.superpages().splitIn(vma, start, end);
                    pending = pending.merge(takeFrom(space, start, end));
                }
            }
            space.context().shootdown().redeem(space, pending, FlushCause.OTHER);
        }
    }

    private PendingInvalidation takeFrom(AddressSpace space, long start, long end) {
        PteFormat format = space.format();
        long tableBytes = space.context().paging().tableCoverageBytes(0);
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long part = start; part < end; part = (part & -tableBytes) + tableBytes) {
            long partEnd = Math.min(end, (part & -tableBytes) + tableBytes);
            @Nullable SharedSubtree subtree = space.table().cursor().attachedAt(part);
            if (subtree == null || seen.add(new Part(subtree, part & subtree.coverageBytes() - 1))) {
                pending = pending.merge(space.table()
                        .cursor()
                        .protectRange(
                                part,
                                partEnd,
                                (_, pte, _) -> format.isWritable(pte)
                                        ? format.withPermissions(
                                                pte, format.permissions(pte).withoutWrite())
                                        : pte));
            }
        }
        return pending;
    }
}
