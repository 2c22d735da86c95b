package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_MINOR;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_MISSING;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_WP;
import static sharewalk.abi.UserFault.UFFD_PAGEFAULT_FLAG_MINOR;
import static sharewalk.abi.UserFault.UFFD_PAGEFAULT_FLAG_WP;
import static sharewalk.abi.UserFault.UFFD_PAGEFAULT_FLAG_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;

/// The addresses of a space whose faults userfaultfds resolve, and the pages that they have write-protected: kept
/// beside the tables, so that entries can be thrown away. Only areas with [VmaTraits#USERFAULT] are looked up; a
/// registration whose area is gone, moved or inherited by a child means nothing.
public final class UserFaults {
    private final AddressSpace space;
    private final TreeMap<Long, Registration> registrations = new TreeMap<>();
    private final TreeSet<Long> guarded = new TreeSet<>();
    private boolean serving;

    private record Registration(long end, UserFaultHandler handler, int modes) {}

    UserFaults(AddressSpace space) {
        this.space = space;
    }

    /// Registers `[start, end)` for faults of the given modes (UFFDIO_REGISTER), the arguments checked; returns 0 or a
    /// negative error number.
    public long register(UserFaultHandler handler, long start, long end, int modes) {
        Vma first = space.vmas().findOrNext(start);
        if (first == null) {
            return -ENOMEM;
        }
        if (first.start() >= end) {
            return -EINVAL;
        }
        for (Vma vma : space.vmas().overlapping(start, end)) {
            long refusal = unshare(vma);
            if (refusal != 0) {
                return refusal;
            }
        }
        for (Vma vma : space.vmas().overlapping(start, end)) {
            long refusal = refusal(vma, handler, modes);
            if (refusal != 0) {
                return refusal;
            }
        }
        long error = space.vmas().splitAt(start);
        error = error != 0 ? error : space.vmas().splitAt(end);
        error = error != 0 ? error : unshareTables(start, end);
        if (error != 0) {
            return error;
        }
        for (Vma vma : space.vmas().overlapping(start, end)) {
            space.superpages().splitIn(vma, start, end);
            if (!vma.has(VmaTraits.USERFAULT)) {
                guarded.subSet(vma.start(), vma.end()).clear();
                space.vmas().replace(List.of(vma), List.of(vma.with(vma.traits().with(VmaTraits.USERFAULT))));
            }
        }
        cut(start, end);
        registrations.put(start, new Registration(end, handler, modes));
        return 0;
    }

    /// Has a window put an ordinary area in its place, or refuse.
    private long unshare(Vma vma) {
        return vma.mapping() instanceof Mapping.Shown(var window)
                        && window.register(space, vma) instanceof Window.Reply.Done(long refusal)
                ? refusal
                : 0;
    }

    private long unshareTables(long start, long end) {
        try {
            space.context()
                    .shootdown()
                    .redeem(space, space.unshare(start, end, TableSharing.Change.UFFD), FlushCause.OTHER);
            return 0;
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
    }

    /// Takes `[start, end)` back (UFFDIO_UNREGISTER, or the descriptor is closed).
    public void unregister(UserFaultHandler handler, long start, long end) {
        for (Vma vma : space.vmas().overlapping(start, end)) {
            long from = Math.max(start, vma.start());
            Registration registration = at(vma, from);
            if (registration != null
                    && registration.handler().equals(handler)
                    && split(from, Math.min(end, vma.end()))) {
                Vma part = space.vmas().at(from);
                space.vmas()
                        .replace(List.of(part), List.of(part.with(part.traits().without(VmaTraits.USERFAULT))));
            }
        }
        guarded.subSet(start, end).clear();
        cut(start, end);
    }

    /// Returns what becomes of an access before it is resolved: null when nobody is to be asked.
    @Nullable
    FaultOutcome ask(Vma vma, long virtAddr, AccessType access, long pte) {
        Registration registration = serving ? null : at(vma, virtAddr);
        if (registration == null) {
            return null;
        }
        int write = access == AccessType.STORE ? UFFD_PAGEFAULT_FLAG_WRITE : 0;
        PageSource source = vma.mapping().source();
        boolean isMissing = pte == 0 && (source == null || !source.holds(vma.pageIndex(virtAddr)));
        int flags;
        if (isMissing && (registration.modes() & UFFDIO_REGISTER_MODE_MISSING) != 0 && isInFile(vma, virtAddr)) {
            flags = write;
        } else if (pte == 0 && !isMissing && (registration.modes() & UFFDIO_REGISTER_MODE_MINOR) != 0) {
            flags = write | UFFD_PAGEFAULT_FLAG_MINOR;
        } else if (write != 0 && isGuarded(vma, virtAddr)) {
            if (pte == 0 && source == null) {
                // A private page that was dropped takes its protection along.
                guarded.remove(virtAddr & -PAGE_BYTES);
                return null;
            }
            flags = write | UFFD_PAGEFAULT_FLAG_WP;
        } else {
            return null;
        }
        return new FaultOutcome.Waits(registration.handler().faulted(virtAddr, flags));
    }

    /// Returns whether a page may not be written before a userfaultfd allows it.
    boolean isGuarded(Vma vma, long virtAddr) {
        return vma.has(VmaTraits.USERFAULT) && guarded.contains(virtAddr & -PAGE_BYTES);
    }

    /// Gives an absent page its bytes, 4 KiB of them or null for zeros (UFFDIO_COPY, UFFDIO_ZEROPAGE); returns 0 or a
    /// negative error number.
    public long supply(long virtAddr, byte @Nullable [] bytes, boolean isProtected) {
        Vma vma = space.vmas().find(virtAddr);
        if (vma == null || at(vma, virtAddr) == null) {
            return -ENOENT;
        }
        PageSource source = vma.mapping().source();
        if (space.table().cursor().pteAt(virtAddr) != 0
                || (vma.mapping().isShared() && source != null && source.holds(vma.pageIndex(virtAddr)))) {
            return -EEXIST;
        }
        if (isProtected) {
            guarded.add(virtAddr);
        }
        long error = resolve(vma, virtAddr, bytes == null ? AccessType.LOAD : AccessType.STORE);
        if (error == 0 && bytes != null) {
            long pfn = space.format().pfn(space.table().cursor().pteAt(virtAddr));
            space.context().aboutToWrite(pfn);
            space.context().memory().write(pfn << PAGE_SHIFT, bytes, 0, bytes.length);
        }
        return error;
    }

    /// Maps a page that the file holds already (UFFDIO_CONTINUE); returns 0 or a negative error number.
    public long proceed(long virtAddr) {
        Vma vma = space.vmas().find(virtAddr);
        if (vma == null || at(vma, virtAddr) == null) {
            return -ENOENT;
        }
        if (space.table().cursor().pteAt(virtAddr) != 0) {
            return -EEXIST;
        }
        PageSource source = vma.mapping().source();
        if (source == null || !source.holds(vma.pageIndex(virtAddr))) {
            return -EFAULT;
        }
        return resolve(vma, virtAddr, AccessType.LOAD);
    }

    /// Protects the pages of `[start, end)` from writes, or ends that (UFFDIO_WRITEPROTECT); returns 0 or a negative
    /// error number. Of private memory only pages that exist are protected.
    public long protect(long start, long end, boolean isProtected) {
        for (long page = start; page < end; page += PAGE_BYTES) {
            Vma vma = space.vmas().find(page);
            Registration registration = vma == null ? null : at(vma, page);
            if (vma == null || registration == null || (registration.modes() & UFFDIO_REGISTER_MODE_WP) == 0) {
                return -ENOENT;
            }
            boolean exists = space.table().cursor().pteAt(page) != 0;
            if (!isProtected) {
                guarded.remove(page);
            } else if (exists || vma.mapping().isShared()) {
                guarded.add(page);
            }
        }
        if (isProtected) {
            PteFormat format = space.format();
            space.context()
                    .shootdown()
                    .redeem(
                            space,
                            space.table()
                                    .cursor()
                                    .protectRange(
                                            start,
                                            end,
                                            (_, pte, _) -> format.isWritable(pte)
                                                    ? format.withPermissions(
                                                            pte,
                                                            format.permissions(pte)
                                                                    .withoutWrite())
                                                    : pte),
                            FlushCause.MPROTECT);
        }
        return 0;
    }

    /// Resolves a fault in a userfaultfd's name: it is not asked itself.
    private long resolve(Vma vma, long virtAddr, AccessType access) {
        serving = true;
        FaultOutcome outcome = space.faults().resolve(vma, virtAddr, access);
        serving = false;
        return switch (outcome) {
            case FaultOutcome.Resolved _, FaultOutcome.Linked _ -> 0;
            case FaultOutcome.OutOfMemory _ -> -ENOMEM;
            case FaultOutcome.Signal _, FaultOutcome.Waits _ -> -EFAULT;
        };
    }

    private long refusal(Vma vma, UserFaultHandler handler, int modes) {
        PageSource source = vma.mapping().source();
        boolean isAnonymous = vma.mapping() instanceof Mapping.Anonymous;
        boolean isMemory = isAnonymous || (source != null && source.isSwappable());
        // vma_can_userfault; huge pages of hugetlb are not built.
        if (!isMemory || (isAnonymous && (modes & UFFDIO_REGISTER_MODE_MINOR) != 0)) {
            return -EINVAL;
        }
        if ((vma.traits().maxProt() & PROT_WRITE) == 0) {
            return -EPERM;
        }
        Registration registration = at(vma, vma.start());
        return registration != null && !registration.handler().equals(handler) ? -EBUSY : 0;
    }

    private boolean split(long start, long end) {
        return space.vmas().splitAt(start) == 0 && space.vmas().splitAt(end) == 0;
    }

    private static boolean isInFile(Vma vma, long virtAddr) {
        PageSource source = vma.mapping().source();
        return source == null || vma.pageIndex(virtAddr) << PAGE_SHIFT < source.sizeBytes();
    }

    private @Nullable Registration at(Vma vma, long virtAddr) {
        if (!vma.has(VmaTraits.USERFAULT)) {
            return null;
        }
        Map.Entry<Long, Registration> entry = registrations.floorEntry(virtAddr);
        return entry != null && virtAddr < entry.getValue().end() ? entry.getValue() : null;
    }

    /// Takes `[start, end)` out of what is registered.
    private void cut(long start, long end) {
        for (Map.Entry<Long, Registration> entry : new TreeMap<>(registrations).entrySet()) {
            long from = entry.getKey();
            Registration old = entry.getValue();
            if (from >= end || old.end() <= start) {
                continue;
            }
            registrations.remove(from);
            if (from < start) {
                registrations.put(from, new Registration(start, old.handler(), old.modes()));
            }
            if (old.end() > end) {
                registrations.put(end, old);
            }
        }
    }
}
