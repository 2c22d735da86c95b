package sharewalk.kernel.share.baseline;

import java.util.List;
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
    public String optIn() {
        return "nothing shares tables; libguest maps a file of tmpfs in every process, MAP_SHARED";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "Every process takes a fault of its own for each page it maps, in 4 KiB pages.",
                "mmap, mprotect, munmap, mremap and madvise change the caller's tables alone; for all sharers each"
                        + " process must make the call.",
                "fork copies no entries of a shared file mapping: the child faults them in.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }
}
