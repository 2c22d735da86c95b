package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;

/// The pages behind a MAP_SHARED|MAP_ANONYMOUS mapping: a nameless file of fixed size that lives while it is mapped.
public final class AnonymousPages implements PageSource {
    private final FrameAllocator frames;
    private final CurrentHart current;
    private final SwapArea swap;
    private final long sizeBytes;
    private final ReverseMap reverseMap = new ReverseMap();
    private final TreeMap<Long, Long> resident = new TreeMap<>();

    /// Creates a file of zeros.
    public AnonymousPages(FrameAllocator frames, CurrentHart current, long sizeBytes) {
        this.frames = frames;
        this.current = current;
        this.swap = new SwapArea(frames, current);
        this.sizeBytes = sizeBytes;
    }

    @Override
    public String name() {
        return "shared anonymous";
    }

    @Override
    public long frame(long pageIndex, Wanted access) {
        @Nullable Long pfn = resident.get(pageIndex);
        if (pfn != null) {
            return swap.isSlot(pfn) ? bringBack(pageIndex, pfn) : pfn;
        }
        if (pageIndex < 0 || pageIndex >= (sizeBytes + PAGE_BYTES - 1) / PAGE_BYTES) {
            return BEYOND_END;
        }
        long fresh = frames.allocate(FrameUse.DATA);
        if (fresh == FrameAllocator.NO_FRAME) {
            return -ENOMEM;
        }
        resident.put(pageIndex, fresh);
        current.countersElsewhere().record(Counter.PAGE_ZEROED);
        return fresh;
    }

    @Override
    public boolean isResident(long pageIndex) {
        @Nullable Long pfn = resident.get(pageIndex);
        return pfn != null && !swap.isSlot(pfn);
    }

    @Override
    public boolean holds(long pageIndex) {
        return resident.containsKey(pageIndex);
    }

    @Override
    public boolean isSwappable() {
        return true;
    }

    @Override
    public boolean swapOut(long pageIndex) {
        @Nullable Long pfn = resident.get(pageIndex);
        if (pfn == null || swap.isSlot(pfn) || frames.references(pfn) > 1) {
            return false;
        }
        long slot = swap.store(pfn);
        if (slot < 0) {
            return false;
        }
        resident.put(pageIndex, slot);
        frames.release(pfn);
        return true;
    }

    @Override
    public ReverseMap mappings() {
        return reverseMap;
    }

    private long bringBack(long pageIndex, long slot) {
        long pfn = swap.fetch(slot);
        if (pfn >= 0) {
            resident.put(pageIndex, pfn);
        }
        return pfn;
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
        var hole = resident.subMap(firstPage, endPage);
        hole.values().forEach(frames::release);
        hole.clear();
        return 0;
    }

    @Override
    public void addMapping(AddressSpace space) {
        reverseMap.add(space);
    }

    @Override
    public void removeMapping(AddressSpace space) {
        reverseMap.remove(space);
        if (reverseMap.isEmpty()) {
            resident.values().forEach(frames::release);
            resident.clear();
        }
    }
}
