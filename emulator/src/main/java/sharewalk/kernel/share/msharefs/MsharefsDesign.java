package sharewalk.kernel.share.msharefs;

import sharewalk.kernel.mm.SharingDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `msharefs` as posted in version 3.
public final class MsharefsDesign implements SharingDesign {
    @Override
    public String name() {
        return "msharefs";
    }

    @Override
    public String source() {
        return "[PATCH v3 00/22] Add support for shared PTEs across processes, Anthony Yznaga, 19 Aug 2025";
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public String remark(PagingMode mode) {
        return mode == PagingMode.X86_64_4LEVEL ? "" : "our port: the patches support x86-64 only";
    }
}
