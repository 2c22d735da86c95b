package sharewalk.kernel.share.mshare2026;

import java.util.List;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `mshare-2026`, a proposal.
public final class Mshare2026Design implements InstallableDesign {
    @Override
    public String name() {
        return "mshare-2026";
    }

    @Override
    public String source() {
        return "Anthony Yznaga's session at LSF/MM/BPF 2026, as LWN 1072333 of 13 May 2026 reports it";
    }

    @Override
    public Kind kind() {
        return Kind.PROPOSAL;
    }

    @Override
    public String optIn() {
        return "mshare_create(), set the size once, mshare_map() in it, mshare_attach() in each process";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A region has any size and is attached at any slot; the kernel pads it to slots, of the smallest table page"
                        + " that holds all of it.",
                "mshare_map, mshare_unmap, mshare_protect and mshare_advise act for every sharer.",
                "mmap over a window, munmap, mprotect, mremap and madvise of it fail with EINVAL; mshare_detach takes it"
                        + " out.",
                "A change flushes the sharers, one after the other.",
                "fork gives the child the window and no tables.",
                "The creator owns the region for life: its exit, or the last close of the descriptor, takes it from"
                        + " everybody.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        MshareCalls calls = new MshareCalls(memory, caller);
        return new InstalledDesign() {
            @Override
            public List<DesignCall> systemCalls() {
                return calls.all();
            }

            @Override
            public void taskExited(long taskId) {
                calls.taskExited(taskId);
            }
        };
    }
}
