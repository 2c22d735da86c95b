package sharewalk.kernel.mm;

import static sharewalk.abi.Advice.MADV_COLD;
import static sharewalk.abi.Advice.MADV_DODUMP;
import static sharewalk.abi.Advice.MADV_DOFORK;
import static sharewalk.abi.Advice.MADV_DONTDUMP;
import static sharewalk.abi.Advice.MADV_DONTFORK;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_DONTNEED_LOCKED;
import static sharewalk.abi.Advice.MADV_FREE;
import static sharewalk.abi.Advice.MADV_HUGEPAGE;
import static sharewalk.abi.Advice.MADV_KEEPONFORK;
import static sharewalk.abi.Advice.MADV_NOHUGEPAGE;
import static sharewalk.abi.Advice.MADV_NORMAL;
import static sharewalk.abi.Advice.MADV_PAGEOUT;
import static sharewalk.abi.Advice.MADV_POPULATE_READ;
import static sharewalk.abi.Advice.MADV_POPULATE_WRITE;
import static sharewalk.abi.Advice.MADV_RANDOM;
import static sharewalk.abi.Advice.MADV_REMOVE;
import static sharewalk.abi.Advice.MADV_SEQUENTIAL;
import static sharewalk.abi.Advice.MADV_SHARE_TABLES;
import static sharewalk.abi.Advice.MADV_WILLNEED;
import static sharewalk.abi.Advice.MADV_WIPEONFORK;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.List;
import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// madvise(2). MADV_FREE keeps the pages: memory is never so short that Linux would take them. Advice about what Linux
/// would do in the background is accepted and changes nothing.
final class AdviseOperation {
    /// No advice of madvise(2): [#reclaim].
    private static final int RECLAIM_ALL = -1;

    private final AddressSpace space;

    AdviseOperation(AddressSpace space) {
        this.space = space;
    }

    long advise(long virtAddr, long sizeBytes, int advice) {
        boolean isHint =
                advice == MADV_SHARE_TABLES && space.context().tableSharing().takesHint();
        return isHint || isKnown(advice) ? run(virtAddr, sizeBytes, advice) : -EINVAL;
    }

    /// Moves the pages of a range to swap, whoever maps them; what madvise(2) checks is checked.
    long reclaim(long virtAddr, long sizeBytes) {
        return run(virtAddr, sizeBytes, RECLAIM_ALL);
    }

    private long run(long virtAddr, long sizeBytes, int advice) {
        if ((virtAddr & (PAGE_BYTES - 1)) != 0) {
            return -EINVAL;
        }
        long end = virtAddr + (sizeBytes + PAGE_BYTES - 1 & -PAGE_BYTES);
        if (virtAddr < 0 || sizeBytes < 0 || end < virtAddr) {
            return -EINVAL;
        }
        long hole = 0;
        long next = virtAddr;
        while (next < end) {
            Vma vma = space.vmas().find(next);
            if (vma == null) {
                hole = -ENOMEM;
                Vma following = space.vmas().startingAtOrAbove(next);
                next = following == null ? end : following.start();
                if (isPopulation(advice)) {
                    return -ENOMEM;
                }
                continue;
            }
            long to = Math.min(end, vma.end());
            Window.Reply reply = advice != RECLAIM_ALL && vma.mapping() instanceof Mapping.Shown(var window)
                    ? window.advise(space, vma, next, to, advice)
                    : Window.ORDINARY;
            long error;
            if (reply instanceof Window.Reply.Done(long result)) {
                error = result;
            } else {
                // A window may have put smaller areas in its place, or none where it was padded.
                Vma now = space.vmas().find(next);
                if (now == null) {
                    continue;
                }
                to = Math.min(end, now.end());
                error = adviseArea(now, next, to, advice);
            }
            if (error != 0) {
                return error;
            }
            next = to;
        }
        space.vmas().mergeAround(virtAddr, end);
        return hole;
    }

    private static boolean isKnown(int advice) {
        return switch (advice) {
            case MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE -> true;
            case MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_WIPEONFORK, MADV_KEEPONFORK -> true;
            case MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_COLD, MADV_PAGEOUT -> true;
            case MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_DONTNEED_LOCKED -> true;
            default -> false;
        };
    }

    private static boolean isPopulation(int advice) {
        return advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE;
    }

    private long adviseArea(Vma vma, long start, long end, int advice) {
        return switch (advice) {
            case MADV_DONTNEED -> vma.has(VmaTraits.LOCKED) ? -EINVAL : dropPages(vma, start, end);
            case MADV_DONTNEED_LOCKED -> dropPages(vma, start, end);
            case MADV_COLD -> vma.hugePages() != null ? -EINVAL : 0;
            case MADV_FREE -> vma.mapping() instanceof Mapping.Anonymous ? 0 : -EINVAL;
            case MADV_REMOVE -> punch(vma, start, end);
            case MADV_HUGEPAGE -> wantHugePages(vma, start, end, VmaTraits.HUGE_PAGES, VmaTraits.NO_HUGE_PAGES);
            case MADV_NOHUGEPAGE -> wantHugePages(vma, start, end, VmaTraits.NO_HUGE_PAGES, VmaTraits.HUGE_PAGES);
            case MADV_DONTFORK -> mark(start, end, vma.traits().with(VmaTraits.DONT_FORK));
            case MADV_DOFORK ->
                vma.has(VmaTraits.DONT_EXPAND)
                        ? -EINVAL
                        : mark(start, end, vma.traits().without(VmaTraits.DONT_FORK));
            case MADV_WIPEONFORK ->
                vma.mapping() instanceof Mapping.Anonymous
                        ? mark(start, end, vma.traits().with(VmaTraits.WIPE_ON_FORK))
                        : -EINVAL;
            case MADV_KEEPONFORK -> mark(start, end, vma.traits().without(VmaTraits.WIPE_ON_FORK));
            case MADV_PAGEOUT -> reclaim(vma, start, end, PageOut.Pages.MAPPED_ONCE);
            case RECLAIM_ALL -> reclaim(vma, start, end, PageOut.Pages.ALL);
            case MADV_SHARE_TABLES -> mark(start, end, vma.traits().with(VmaTraits.SHARES_TABLES));
            case MADV_POPULATE_READ -> populate(vma, start, end, AccessType.LOAD);
            case MADV_POPULATE_WRITE -> populate(vma, start, end, AccessType.STORE);
            default -> 0;
        };
    }

    /// hugepage_madvise. Other areas cannot have any, and stay as they are.
    private long wantHugePages(Vma vma, long start, long end, int set, int cleared) {
        PageSource source = vma.mapping().source();
        return source != null && source.isShmem()
                ? mark(start, end, vma.traits().with(set).without(cleared))
                : 0;
    }

    private long populate(Vma vma, long start, long end, AccessType access) {
        long error = space.population().bringIn(vma, start, end, access);
        if (error == -ENOMEM) {
            space.outOfMemory();
        }
        // Rights that the area lacks are an invalid argument here (madvise_populate).
        boolean wrongRights = !space.context().rules().allows(vma.prot(), access);
        return wrongRights ? -EINVAL : error;
    }

    /// Whole pages only, so that a caller who does not know of huge ones loses nothing more than it said
    /// (`madvise_dontneed_free_valid_vma`).
    private long dropPages(Vma vma, long start, long end) {
        long wholeEnd = end & -vma.pageBytes();
        if ((start & (vma.pageBytes() - 1)) != 0) {
            return -EINVAL;
        }
        return start < wholeEnd ? drop(vma, start, wholeEnd) : 0;
    }

    private long drop(Vma vma, long start, long end) {
        try {
            PendingInvalidation unshared = space.unshare(start, end, Change.ADVISE);
            space.context()
                    .shootdown()
                    .redeem(space, unshared.merge(space.unmapping().zap(vma, start, end)), FlushCause.MADVISE);
            return 0;
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
    }

    private long reclaim(Vma vma, long start, long end, PageOut.Pages pages) {
        // can_madv_lru_vma.
        if (vma.has(VmaTraits.LOCKED) || vma.hugePages() != null) {
            return -EINVAL;
        }
        space.residency().pageOut().reclaim(vma, start, end, pages);
        return 0;
    }

    private long punch(Vma vma, long start, long end) {
        if (!(vma.mapping() instanceof Mapping.SharedPages(var source)) || vma.has(VmaTraits.LOCKED)) {
            return -EINVAL;
        }
        if ((vma.traits().maxProt() & PROT_WRITE) == 0) {
            return -EACCES;
        }
        return source.punchHole(vma.pageIndex(start), vma.pageIndex(end));
    }

    private long mark(long start, long end, VmaTraits traits) {
        long error = space.vmas().splitAt(start);
        error = error != 0 ? error : space.vmas().splitAt(end);
        Vma part = space.vmas().find(start);
        if (error == 0 && part != null && !part.traits().equals(traits)) {
            space.vmas().replace(List.of(part), List.of(part.with(traits)));
        }
        return error;
    }
}
