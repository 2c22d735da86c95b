package sharewalk.kernel.share.baseline;

import java.util.List;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.mmu.paging.PagingMode;

/// The baseline with huge pages that are reserved: each process has a page table of its own, whose leaves map 2 MiB.
///
/// Linux shares such tables by itself where a mapping covers whole 1 GiB blocks. Here it does not: that is the design
/// `hugetlb-pmd`.
public final class HugetlbPages implements SharingDesign {
    @Override
    public String name() {
        return "hugetlb";
    }

    @Override
    public String source() {
        return "Linux, hugetlbfs with 2 MiB pages, without its sharing of tables";
    }

    @Override
    public Kind kind() {
        return Kind.MAINLINE;
    }

    @Override
    public String optIn() {
        return "nothing shares tables; libguest enlarges the pool of huge pages and maps a memfd made with MFD_HUGETLB";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "One entry maps 2 MiB: each process takes one fault for 512 pages and has no level-0 tables.",
                "Pages come from a pool (/proc/sys/vm/nr_hugepages); mmap promises them, or fails with ENOMEM.",
                "munmap and mprotect at parts of a huge page fail with EINVAL.",
                "As under private, every change is the caller's own.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }
}
