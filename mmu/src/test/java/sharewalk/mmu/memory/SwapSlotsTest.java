package sharewalk.mmu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SwapSlotsTest {
    private final SegmentMemory memory = SegmentMemory.onHeap(8 * 4096);
    private final FrameAllocator frames = new FrameAllocator(FrameTable.of(memory), memory, FrameListener.NONE);

    private long frameOf(long value) {
        long pfn = frames.allocate(FrameUse.DATA);
        memory.write64(pfn * 4096 + 16, value);
        return pfn;
    }

    @Test
    void store_givesTheLowestSlotBehindRam_andFetchItsBytes() {
        long pfn = frameOf(77);
        long slot = frames.store(pfn);
        assertThat(slot).isEqualTo(8);
        assertThat(frames.swap().isSlot(slot)).isTrue();
        assertThat(frames.swap().isSlot(pfn)).isFalse();
        memory.write64(pfn * 4096 + 16, 1);
        long back = frames.fetch(slot);
        assertThat(memory.read64(back * 4096 + 16)).isEqualTo(77);
        assertThat(frames.references(back)).isEqualTo(1);
        assertThat(frames.references(slot)).isEqualTo(1);
    }

    @Test
    void slots_areGivenAgainOnceTheirLastReferenceIsGone() {
        long first = frames.store(frameOf(1));
        long second = frames.store(frameOf(2));
        frames.retain(first);
        frames.release(first);
        assertThat(frames.swap().used()).isEqualTo(2);
        frames.release(first);
        assertThat(frames.swap().used()).isEqualTo(1);
        assertThat(frames.store(frameOf(3))).isEqualTo(first).isLessThan(second);
        assertThatThrownBy(() -> frames.release(second + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void fetch_givesAllWhoShareASlotTheSameFrame() {
        long slot = frames.store(frameOf(5));
        frames.retain(slot);
        long one = frames.fetch(slot);
        frames.release(slot);
        long other = frames.fetch(slot);
        assertThat(other).isEqualTo(one);
        assertThat(frames.references(one)).as("both and the swap cache").isEqualTo(3);
        frames.release(slot);
        assertThat(frames.references(one)).isEqualTo(2);
        assertThat(frames.swap().used()).isZero();
    }

    @Test
    void fetch_andStore_sayWhenThereIsNoRoom() {
        long pfn = frameOf(9);
        for (int slot = 0; slot < 8; slot++) {
            assertThat(frames.store(pfn)).isPositive();
        }
        assertThat(frames.store(pfn)).isEqualTo(FrameAllocator.NO_FRAME);
        while (frames.freeFrames() > 0) {
            assertThat(frames.allocate(FrameUse.DATA)).isPositive();
        }
        assertThat(frames.fetch(8)).isEqualTo(FrameAllocator.NO_FRAME);
        assertThat(frames.references(8)).isEqualTo(1);
    }
}
