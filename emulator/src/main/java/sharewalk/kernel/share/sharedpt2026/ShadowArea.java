package sharewalk.kernel.share.sharedpt2026;

import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_DONTNEED_LOCKED;
import static sharewalk.abi.Advice.MADV_PAGEOUT;
import static sharewalk.abi.Advice.MADV_REMOVE;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.List;
import sharewalk.abi.MremapFlags;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.kernel.mm.Window;
import sharewalk.kernel.share.sharedpt.LeafTables;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// An area of a domain's shadow, and the window that each process's area over it is: whole, with the rights it was
/// mapped with, until its process unshares it.
final class ShadowArea implements Window {
    private final Domain domain;
    private final Mapping pages;
    private final String name;
    private final long start;
    private final long sizeBytes;
    private int users;

    ShadowArea(Domain domain, Vma inShadow) {
        this.domain = domain;
        this.pages = inShadow.mapping();
        this.name = inShadow.label();
        this.start = inShadow.start();
        this.sizeBytes = inShadow.sizeBytes();
    }

    long start() {
        return start;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public String name() {
        return name;
    }

    /// No file is this window's: it is mapped where its file is.
    @Override
    public long place(AddressSpace space, MapRequest request, long wantedBytes) {
        return -EINVAL;
    }

    @Override
    public int areaFlags() {
        return 0;
    }

    @Override
    public boolean isPopulated() {
        return true;
    }

    @Override
    public void opened(AddressSpace space, Vma vma) {
        users++;
    }

    @Override
    public void closed(AddressSpace space, Vma vma) {
        users--;
        if (users == 0) {
            domain.remove(this);
        }
    }

    @Override
    public long maySplit(Vma vma, long virtAddr) {
        return 0;
    }

    @Override
    public long split(AddressSpace space, Vma vma, long virtAddr) {
        return unshare(space, vma);
    }

    @Override
    public Reply protect(AddressSpace space, Vma vma, long from, long to, int prot) {
        return prot == vma.prot() ? ORDINARY : unshared(space, vma);
    }

    @Override
    public Reply unmap(AddressSpace space, Vma vma, long from, long to) {
        return from <= vma.start() && to >= vma.end() ? ORDINARY : unshared(space, vma);
    }

    @Override
    public Reply advise(AddressSpace space, Vma vma, long from, long to, int advice) {
        return switch (advice) {
            case MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_REMOVE -> unshared(space, vma);
            case MADV_PAGEOUT ->
                new Reply.Done(
                        vma.has(VmaTraits.LOCKED) ? -EINVAL : domain.shadow().advise(from, to - from, advice));
            default -> ORDINARY;
        };
    }

    @Override
    public Reply remap(AddressSpace space, Vma vma, RemapRequest request) {
        boolean stays = pages(request.oldSizeBytes()) == pages(request.newSizeBytes())
                && !request.has(MremapFlags.MREMAP_FIXED | MremapFlags.MREMAP_DONTUNMAP);
        return stays ? ORDINARY : unshared(space, vma);
    }

    private static long pages(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    @Override
    public Reply register(AddressSpace space, Vma vma) {
        return unshared(space, vma);
    }

    /// Asked only of an area that is still one: [#remap] has unshared what is to be moved.
    @Override
    public long mayMove(Vma vma) {
        return -EINVAL;
    }

    @Override
    public PendingInvalidation release(AddressSpace space, Vma vma, long from, long to) {
        return domain.tables().detach(space, from, to);
    }

    /// The page fault: taken in the shadow, then the shadow's table is hung in. Where the page lies there already,
    /// it is only hung in.
    @Override
    public FaultOutcome fault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        if (!space.allows(vma, access)) {
            return FaultOutcome.notAllowed(virtAddr);
        }
        LeafTables tables = domain.tables();
        try {
            if (!tables.isSame(space, virtAddr) && grants(virtAddr, access)) {
                boolean _ = tables.attach(space, vma, virtAddr);
                return new FaultOutcome.Linked();
            }
            Vma inShadow = domain.areaAt(virtAddr);
            FaultOutcome outcome = domain.shadow().resolve(inShadow, virtAddr, access);
            if (outcome.isRetry() && !tables.attach(space, vma, virtAddr)) {
                space.context().shootdown().fence(space, virtAddr);
            }
            return outcome;
        } catch (OutOfFramesException _) {
            return new FaultOutcome.OutOfMemory();
        }
    }

    private boolean grants(long virtAddr, AccessType access) {
        PteFormat format = domain.shadow().context().paging().format();
        long pte = domain.shadow().table().cursor().pteAt(virtAddr);
        return format.isPresent(pte)
                && switch (access) {
                    case LOAD -> format.isReadable(pte);
                    case STORE -> format.isWritable(pte);
                    case FETCH -> format.isExecutable(pte);
                };
    }

    private Reply unshared(AddressSpace space, Vma vma) {
        long error = unshare(space, vma);
        return error == 0 ? ORDINARY : new Reply.Done(error);
    }

    /// Makes a process's area an ordinary one with tables of its own; returns 0 or -ENOMEM, with nothing changed.
    private long unshare(AddressSpace space, Vma vma) {
        PendingInvalidation pending;
        try {
            pending = domain.tables().copy(space, vma.start(), vma.end());
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
        space.context().shootdown().redeem(space, pending, FlushCause.UNSHARE);
        VmaTraits traits = vma.traits();
        Vma own = vma.with(new VmaTraits(traits.prot(), traits.maxProt(), traits.flags(), pages, traits.label()));
        space.vmas().exchange(vma, List.of(own));
        return 0;
    }
}
