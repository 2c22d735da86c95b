package sharewalk.kernel.share.sharedpt;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.Arrays;
import sharewalk.kernel.share.Designs;
import sharewalk.mmu.paging.PagingMode;

/// The flag of 2022: what is done to a part is refused or done to all.
final class Machine2022 extends SharedPtMachine {
    private static final int FLAG = 0x20_0000;

    /// What mprotect(2) has left of each page for all who share.
    private final int[] caps = new int[PAGES];

    Machine2022(PagingMode mode, String design) {
        super(mode, Designs.named(design).orElseThrow());
    }

    @Override
    void share(Modelled process) {
        if (!process.pages.isEmpty()) {
            unmap(process, 0, PAGES);
        }
        if (processes.stream().noneMatch(each -> each.hinted)) {
            Arrays.fill(caps, RW);
        }
        require(map(process, MAP_SHARED, FLAG) == BASE, "mmap");
        mapped(process);
        process.hinted = true;
        for (int page : used(0, PAGES)) {
            capped(process, page);
        }
    }

    private void capped(Modelled process, int page) {
        process.pages.computeIfPresent(at(page), (_, known) -> known.withProt(caps[page]));
    }

    @Override
    void unmap(Modelled process, int start, int end) {
        boolean whole = start == 0 && end == PAGES;
        long result = process.space.unmap(at(start), (end - start) * PAGE);
        require(result == (process.hinted && !whole ? -EINVAL : 0), "munmap: " + result);
        if (result == 0) {
            unmapPages(process, start, end);
            process.hinted = false;
        }
    }

    @Override
    void protect(Modelled process, int start, int end, int prot) {
        if (!process.hinted) {
            return;
        }
        require(process.space.protect(at(start), (end - start) * PAGE, prot) == 0, "mprotect");
        for (int page : used(start, end)) {
            caps[page] = prot;
            for (Modelled each : processes) {
                if (each.hinted) {
                    capped(each, page);
                }
            }
        }
    }

    @Override
    void other(Modelled process, int start, int end, int value) {
        if (process.hinted && (start > 0 || end < PAGES)) {
            if (value % 2 == 0) {
                mapOver(process, start, end, -EINVAL);
            } else {
                move(process, start, end, -EINVAL);
            }
        }
    }

    @Override
    void dropped(Modelled process, int start, int end) {}
}
