package sharewalk.kernel.share.sharedpt;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import sharewalk.kernel.share.Designs;
import sharewalk.mmu.paging.PagingMode;

/// The flag of 2026: what is done to a part is done to the caller alone.
final class Machine2026 extends SharedPtMachine {
    private static final int FLAG = 0x4_0000;

    Machine2026(PagingMode mode) {
        super(mode, Designs.named("shared-pt-2026").orElseThrow());
    }

    /// Maps with the flag where nobody in the domain does; over what others of it share that is refused.
    @Override
    void share(Modelled process) {
        boolean shared = process.domain != null
                && processes.stream().anyMatch(each -> each.hinted && process.domain.equals(each.domain));
        long result = map(process, MAP_SHARED, FLAG);
        require(result == (shared ? -EINVAL : BASE), "mmap: " + result);
        if (result == BASE) {
            mapped(process);
            process.hinted = true;
            process.domain = process.domain == null ? new Object() : process.domain;
        }
    }

    @Override
    void unmap(Modelled process, int start, int end) {
        require(process.space.unmap(at(start), (end - start) * PAGE) == 0, "munmap");
        unmapPages(process, start, end);
        process.hinted = false;
    }

    @Override
    void protect(Modelled process, int start, int end, int prot) {
        if (!covers(process, start, end)) {
            return;
        }
        require(process.space.protect(at(start), (end - start) * PAGE, prot) == 0, "mprotect");
        for (int page : used(start, end)) {
            process.pages.computeIfPresent(at(page), (_, known) -> known.withProt(prot));
        }
        process.hinted &= prot == RW;
    }

    @Override
    void other(Modelled process, int start, int end, int value) {
        if (value % 2 == 0) {
            mapOver(process, start, end, at(start));
            process.hinted = false;
        } else if (covers(process, start, end)) {
            moveAlike(process, start, end);
        }
    }

    /// mremap(2) moves one area only.
    private void moveAlike(Modelled process, int start, int end) {
        if (process.hinted) {
            unmapTarget(process, start, end);
            move(process, start, end, MOVED + start * PAGE);
            process.hinted = false;
        }
    }

    private void unmapTarget(Modelled process, int start, int end) {
        for (int page : used(start, end)) {
            process.pages.remove(MOVED + page * PAGE);
        }
    }

    @Override
    void dropped(Modelled process, int start, int end) {
        process.hinted = false;
    }
}
