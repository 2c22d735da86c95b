package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_EXEC;

import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.table.OutOfFramesException;

/// The listener that tells files and windows of the VMAs that map them, and watches over executable content.
record MappedThings(AddressSpace space) implements VmaSet.Listener {
    @Override
    public void added(Vma vma) {
        switch (vma.mapping()) {
            case Mapping.SharedPages(var source) -> source.addMapping(space);
            case Mapping.PrivatePages(var source) -> source.addMapping(space);
            case Mapping.Shown(var window) -> window.opened(space, vma);
            case Mapping.Anonymous _ -> {}
        }
        noteCode(vma);
    }

    @Override
    public void removed(Vma vma) {
        switch (vma.mapping()) {
            case Mapping.SharedPages(var source) -> source.removeMapping(space);
            case Mapping.PrivatePages(var source) -> source.removeMapping(space);
            case Mapping.Shown(var window) -> window.closed(space, vma);
            case Mapping.Anonymous _ -> {}
        }
        noteCode(vma);
    }

    /// Redeems what this takes at once: a split has no flush of its own.
    @Override
    public long splitting(Vma vma, long virtAddr) {
        if (vma.mapping() instanceof Mapping.Shown(var window)) {
            return window.split(space, vma, virtAddr);
        }
        space.superpages().splitAt(vma, virtAddr);
        try {
            space.context()
                    .shootdown()
                    .redeem(space, space.unshare(virtAddr, virtAddr, Change.SPLIT), FlushCause.UNSHARE);
            return 0;
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
    }

    @Override
    public void changed(Vma vma) {
        space.counters(vma.start()).record(Counter.AREA_CHANGE);
    }

    private void noteCode(Vma vma) {
        if (vma.traits().allows(PROT_EXEC)) {
            space.codeChanged();
        }
    }
}
