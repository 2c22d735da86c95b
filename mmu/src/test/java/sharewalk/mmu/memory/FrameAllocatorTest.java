package sharewalk.mmu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameAllocatorTest {
    private final SegmentMemory memory = SegmentMemory.onHeap(130 * 4096);
    private final FrameTable table = FrameTable.of(memory);
    private final List<Long> recycled = new ArrayList<>();
    private final FrameAllocator frames = new FrameAllocator(table, memory, recycled::add);

    @Test
    void allocate_givesTheLowestFreeFrameAndNeverFrame0() {
        for (long expected = 1; expected < 130; expected++) {
            assertThat(frames.allocate(FrameUse.DATA)).isEqualTo(expected);
        }
        assertThat(frames.allocate(FrameUse.DATA)).isEqualTo(FrameAllocator.NO_FRAME);
        assertThat(frames.freeFrames()).isZero();
        frames.release(100);
        frames.release(7);
        assertThat(frames.freeFrames()).isEqualTo(2);
        assertThat(frames.allocate(FrameUse.DATA)).isEqualTo(7);
        assertThat(frames.allocate(FrameUse.DATA)).isEqualTo(100);
        assertThat(frames.usedFrames()).isEqualTo(129);
    }

    @Test
    void allocate_zeroesAFrameThatWasUsedBefore() {
        long pfn = frames.allocate(FrameUse.DATA);
        memory.write64(pfn * 4096 + 8, -1);
        frames.release(pfn);
        assertThat(frames.allocateTable(2, 5)).isEqualTo(pfn);
        assertThat(memory.read64(pfn * 4096 + 8)).isZero();
        assertThat(table.use(pfn)).isEqualTo(FrameUse.TABLE);
        assertThat(table.level(pfn)).isEqualTo(2);
        assertThat(table.owner(pfn)).isEqualTo(5);
    }

    @Test
    void release_ofTheLastReferenceFrees() {
        long pfn = frames.allocate(FrameUse.DATA);
        frames.retain(pfn);
        frames.release(pfn);
        assertThat(frames.references(pfn)).isEqualTo(1);
        frames.release(pfn);
        assertThat(table.use(pfn)).isEqualTo(FrameUse.FREE);
        assertThatThrownBy(() -> frames.release(pfn)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> frames.retain(pfn)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> frames.release(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void release_tellsWhenAFrameHeldCode() {
        long code = frames.allocate(FrameUse.DATA);
        long data = frames.allocate(FrameUse.DATA);
        table.markCode(code);
        frames.release(data);
        frames.release(code);
        assertThat(recycled).containsExactly(code);
        assertThat(table.heldCode(code)).isFalse();
    }
}
