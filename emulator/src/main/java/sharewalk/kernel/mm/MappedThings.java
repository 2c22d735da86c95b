package sharewalk.kernel.mm;

import static sharewalk.abi.MmapProt.PROT_EXEC;

import sharewalk.mmu.count.Counter;

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
