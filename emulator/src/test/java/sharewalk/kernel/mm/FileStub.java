package sharewalk.kernel.mm;

import java.util.HashMap;
import java.util.Map;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;

/// A file in a page cache, each of its pages filled with its page number plus one.
public final class FileStub implements PageSource {
    final ReverseMap reverseMap = new ReverseMap();
    private final TestMachine machine;
    private final String name;
    private final Map<Long, Long> pages = new HashMap<>();
    private long sizeBytes;

    public FileStub(TestMachine machine, String name, long sizeBytes) {
        this.machine = machine;
        this.name = name;
        this.sizeBytes = sizeBytes;
    }

    /// Reads all pages in.
    public FileStub resident() {
        for (long page = 0; page * TestMachine.PAGE < sizeBytes; page++) {
            if (frame(page, Wanted.READ) < 0) {
                throw new IllegalStateException("no RAM for page " + page);
            }
        }
        return this;
    }

    /// Returns whether an area of any address space maps it.
    public boolean isMapped() {
        return !reverseMap.isEmpty();
    }

    public void truncate(long newSizeBytes) {
        long firstGone = (newSizeBytes + TestMachine.PAGE - 1) / TestMachine.PAGE;
        sizeBytes = newSizeBytes;
        reverseMap.unmapPages(this, firstGone, Long.MAX_VALUE >> 13, ReverseMap.Copies.DROPPED);
        pages.entrySet().removeIf(page -> {
            boolean gone = page.getKey() >= firstGone;
            if (gone) {
                machine.frames.release(page.getValue());
            }
            return gone;
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long frame(long pageIndex, Wanted access) {
        if (pageIndex * TestMachine.PAGE >= sizeBytes) {
            return BEYOND_END;
        }
        return pages.computeIfAbsent(pageIndex, index -> {
            long pfn = machine.frames.allocate(FrameUse.DATA);
            if (pfn == FrameAllocator.NO_FRAME) {
                throw new IllegalStateException("no RAM");
            }
            machine.memory.write8(pfn << PhysicalMemory.FRAME_SHIFT, (int) (index + 1));
            return pfn;
        });
    }

    @Override
    public boolean isResident(long pageIndex) {
        return pages.containsKey(pageIndex);
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean isShmem() {
        return true;
    }

    @Override
    public long punchHole(long firstPage, long endPage) {
        reverseMap.unmapPages(this, firstPage, endPage, ReverseMap.Copies.KEPT);
        for (long page = firstPage; page < endPage; page++) {
            Long pfn = pages.remove(page);
            if (pfn != null) {
                machine.frames.release(pfn);
            }
        }
        return 0;
    }

    @Override
    public void addMapping(AddressSpace space) {
        reverseMap.add(space);
    }

    @Override
    public void removeMapping(AddressSpace space) {
        reverseMap.remove(space);
    }
}
