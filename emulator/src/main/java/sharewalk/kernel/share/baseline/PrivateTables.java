package sharewalk.kernel.share.baseline;

import sharewalk.kernel.mm.SharingDesign;
import sharewalk.mmu.paging.PagingMode;

/// The baseline: each process has a page table of its own for the pages that all share.
public final class PrivateTables implements SharingDesign {
    @Override
    public String name() {
        return "private";
    }

    @Override
    public String source() {
        return "Linux, MAP_SHARED";
    }

    @Override
    public Kind kind() {
        return Kind.MAINLINE;
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }
}
