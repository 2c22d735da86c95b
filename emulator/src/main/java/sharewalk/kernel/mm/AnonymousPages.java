package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;

/// The pages behind a MAP_SHARED|MAP_ANONYMOUS mapping: a nameless file of fixed size that lives while it is mapped.
public final class AnonymousPages implements PageSource {
    private final FrameAllocator frames;
    private final HugeMemory hugeMemory;
    private final CurrentHart current;
    private final SwapArea swap;
    private final long sizeBytes;
    private final ReverseMap reverseMap = new ReverseMap();
    private final TreeMap<Long, Long> resident = new TreeMap<>();

    /// Creates a file of zeros.
    public AnonymousPages(FrameAllocator frames, HugeMemory hugeMemory, CurrentHart current, long sizeBytes) {
        this.frames = frames;
        this.hugeMemory = hugeMemory;
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
    public long frame(Vma area, long pageIndex, Wanted access) {
        if (hugeMemory.shmem().allows(area, pageIndex, sizeBytes) && isWhollyAbsent(pageIndex)) {
            long first = pageIndex & -HugeMemory.SHMEM_FRAMES;
            long head = hugeMemory.newShmemPage();
            for (int i = 0; head != FrameAllocator.NO_FRAME && i < HugeMemory.SHMEM_FRAMES; i++) {
                resident.put(first + i, head + i);
            }
        }
        return frame(pageIndex, access);
    }

    private boolean isWhollyAbsent(long pageIndex) {
        long first = pageIndex & -HugeMemory.SHMEM_FRAMES;
        return first >= 0
                && first << PAGE_SHIFT < sizeBytes
                && resident.subMap(first, first + HugeMemory.SHMEM_FRAMES).isEmpty();
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
        splitAt(firstPage);
        splitAt(endPage);
        reverseMap.unmapPages(this, firstPage, endPage, ReverseMap.Copies.KEPT);
        var hole = resident.subMap(firstPage, endPage);
        hole.values().forEach(frames::release);
        hole.clear();
        return 0;
    }

    /// Splits the huge page that a page cuts.
    private void splitAt(long pageIndex) {
        long first = pageIndex & -HugeMemory.SHMEM_FRAMES;
        @Nullable Long pfn = resident.get(first);
        if (first != pageIndex && pfn != null && hugeMemory.isHuge(pfn)) {
            reverseMap.unmapPages(this, first, first + HugeMemory.SHMEM_FRAMES, ReverseMap.Copies.KEPT);
            hugeMemory.splitShmemPage(pfn);
        }
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
