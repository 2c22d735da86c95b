package sharewalk.mmu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuperpageFramesTest {
    private static final int FRAMES = 2048 + 100;

    private final SegmentMemory memory = SegmentMemory.onHeap(FRAMES * 4096);
    private final FrameTable table = FrameTable.of(memory);
    private final List<Long> recycled = new ArrayList<>();
    private final FrameAllocator frames = new FrameAllocator(table, memory, recycled::add);

    @Test
    void allocateSuperpage_givesTheLowestAlignedFreeFramesTogether() {
        assertThat(frames.allocate(FrameUse.DATA)).isEqualTo(1);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(512);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(1024);
        assertThat(frames.allocate(FrameUse.DATA)).isEqualTo(2);
        assertThat(frames.usedFrames()).isEqualTo(2 + 2 * 512);
        frames.release(512);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(512);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(1536);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(FrameAllocator.NO_FRAME);
        assertThat(frames.allocateSuperpage(2)).isEqualTo(FrameAllocator.NO_FRAME);
    }

    private long splitSuperpage() {
        long head = frames.allocateSuperpage(1);
        for (int i = 1; i < 512; i++) {
            frames.retain(head + i);
        }
        frames.split(head);
        return head;
    }

    @Test
    void oneFrameInUse_spoilsItsSuperpage() {
        long head = splitSuperpage();
        for (long pfn = head; pfn < head + 512; pfn++) {
            if (pfn != head + 300) {
                frames.release(pfn);
            }
        }
        assertThat(frames.allocateSuperpage(1)).isEqualTo(1024);
        frames.release(head + 300);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(512);
    }

    @Test
    void framesOfASuperpage_haveTheirReferencesTogether() {
        long head = frames.allocateSuperpage(1);
        frames.retain(head + 17);
        assertThat(frames.references(head)).isEqualTo(2);
        assertThat(frames.references(head + 511)).isEqualTo(2);
        assertThat(table.head(head + 511)).isEqualTo(head);
        assertThat(table.level(head + 511)).isEqualTo(1);
        frames.release(head);
        assertThat(table.use(head + 17)).isEqualTo(FrameUse.DATA);
        frames.release(head + 511);
        assertThat(table.use(head + 17)).isEqualTo(FrameUse.FREE);
        assertThat(frames.usedFrames()).isZero();
    }

    @Test
    void split_givesEachFrameOneOfAsManyReferences() {
        long one = frames.allocateSuperpage(1);
        assertThatThrownBy(() -> frames.split(one)).isInstanceOf(IllegalStateException.class);
        frames.release(one);
        long head = splitSuperpage();
        frames.retain(head + 5);
        assertThat(frames.references(head)).isEqualTo(1);
        assertThat(frames.references(head + 5)).isEqualTo(2);
    }

    @Test
    void aSuperpageIsZeroedWhenItIsHandedOutAgain() {
        long head = frames.allocateSuperpage(1);
        memory.write64((head + 77) * 4096, -1);
        frames.release(head);
        assertThat(frames.allocateSuperpage(1)).isEqualTo(head);
        assertThat(memory.read64((head + 77) * 4096)).isZero();
    }

    @Test
    void frames_belowASuperpageAreZeroOnceHandedOut() {
        long head = frames.allocateSuperpage(1);
        assertThat(head).isEqualTo(512);
        long pfn = frames.allocate(FrameUse.DATA);
        memory.write64(pfn * 4096, -1);
        frames.release(pfn);
        assertThat(memory.read64(frames.allocate(FrameUse.DATA) * 4096)).isZero();
    }

    @Test
    void keptSuperpages_goBackToTheirKeeper() {
        List<Long> unused = new ArrayList<>();
        frames.keepWith((head, level) -> unused.add(head));
        long head = frames.keepSuperpage(1);
        assertThat(frames.references(head)).isZero();
        frames.reuse(head);
        memory.write64((head + 3) * 4096, -1);
        table.markCode(head + 9);
        frames.release(head);
        assertThat(unused).containsExactly(head);
        assertThat(recycled).containsExactly(head + 9);
        assertThat(frames.allocateSuperpage(1)).isNotEqualTo(head);
        assertThatThrownBy(() -> frames.retain(head)).isInstanceOf(IllegalStateException.class);
        frames.reuse(head);
        assertThat(memory.read64((head + 3) * 4096)).isZero();
        assertThatThrownBy(() -> frames.dissolve(head)).isInstanceOf(IllegalStateException.class);
        frames.release(head);
        frames.dissolve(head);
        assertThat(table.use(head + 511)).isEqualTo(FrameUse.FREE);
    }
}
