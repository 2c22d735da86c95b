package sharewalk.mmu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SegmentMemoryTest {
    private final SegmentMemory memory = SegmentMemory.onHeap(3 * 4096);

    @Test
    void words_areLittleEndianAndNeedNoAlignment() {
        memory.write64(0x1003, 0x1122334455667788L);
        assertThat(memory.read8(0x1003)).isEqualTo(0x88);
        assertThat(memory.read16(0x1003)).isEqualTo(0x7788);
        assertThat(memory.read32(0x1003)).isEqualTo(0x55667788);
        assertThat(memory.read64(0x1003)).isEqualTo(0x1122334455667788L);
        memory.write8(0x1003, 0x1ff);
        memory.write16(0x1004, 0xfffe);
        memory.write32(0x1006, -1);
        assertThat(memory.read64(0x1003)).isEqualTo(0x11ffffffff_fffeffL);
        assertThat(memory.read16(0x1004)).isEqualTo(0xfffe);
    }

    @Test
    void bytes_areCopiedBothWays() {
        memory.write(0x2ffd, new byte[] {9, 1, 2, 3}, 1, 3);
        byte[] read = new byte[5];
        memory.read(0x2ffd, read, 2, 3);
        assertThat(read).containsExactly(0, 0, 1, 2, 3);
    }

    @Test
    void frames_areCopiedAndZeroedWhole() {
        memory.write64(0x1000, 5);
        memory.write64(0x1ff8, 6);
        memory.copyFrame(1, 2);
        memory.zeroFrame(1);
        assertThat(memory.read64(0x2000)).isEqualTo(5);
        assertThat(memory.read64(0x2ff8)).isEqualTo(6);
        assertThat(memory.read64(0x1000)).isZero();
        assertThat(memory.read64(0x1ff8)).isZero();
    }

    @Test
    void accessOutsideRam_isRefusedWithTheAddress() {
        assertThatThrownBy(() -> memory.read64(0x2ff9))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("0x2ff9");
        assertThatThrownBy(() -> memory.write8(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.read32(Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.zeroFrame(1L << 52)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(memory.contains(0x2ff8, 8)).isTrue();
        assertThat(memory.contains(0x2ff9, 8)).isFalse();
    }
}
