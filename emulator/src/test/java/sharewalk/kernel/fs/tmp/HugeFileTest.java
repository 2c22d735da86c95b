package sharewalk.kernel.fs.tmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static sharewalk.abi.Errno.EFBIG;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.Fallocate.FALLOC_FL_KEEP_SIZE;
import static sharewalk.abi.Fallocate.FALLOC_FL_PUNCH_HOLE;
import static sharewalk.abi.OpenFlags.MFD_HUGETLB;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;
import sharewalk.kernel.mm.HugePages;
import sharewalk.mmu.memory.PhysicalMemory;

/// Files of huge pages without a mapping.
class HugeFileTest {
    private static final int PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    private static final long HUGE = 2L << 20;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestFiles files = new TestFiles(16 << 20, null);
    private final OpenFile file;

    HugeFileTest() {
        files.hugeMemory.standard().resize(4);
        file = files.tree.memoryFiles().open("huge", MFD_HUGETLB).value();
    }

    private long unused() {
        return files.hugeMemory.standard().unusedPages();
    }

    /// Fills the file's pages with 1, past its end too.
    private void fill(int mode, int pageCount) {
        assertThat(file.allocate(mode, 0, pageCount * HUGE)).isZero();
        HugePages pages = (HugePages) file.mapSource().value();
        byte[] ones = new byte[PhysicalMemory.FRAME_BYTES];
        Arrays.fill(ones, (byte) 1);
        for (long index = 0; index < pageCount * HUGE / ones.length; index++) {
            files.memory.write(
                    (pages.find(index) << PhysicalMemory.FRAME_SHIFT) + (index * ones.length & HUGE - 1),
                    ones,
                    0,
                    ones.length);
        }
    }

    private byte byteAt(long position) {
        ByteBuffer one = ByteBuffer.allocate(1);
        assertThat(file.readAt(position, one)).isEqualTo(1);
        return one.get(0);
    }

    @Test
    void holesOfAnyLength_arePunchedAtOnce() {
        fill(0, 2);
        assertTimeoutPreemptively(SOON, () -> {
            assertThat(file.allocate(PUNCH, HUGE, 1L << 62)).isZero();
            assertThat(unused()).isEqualTo(3);
            assertThat(file.allocate(PUNCH, 1, 1L << 50)).isZero();
            assertThat(file.allocate(PUNCH, 0, Long.MAX_VALUE)).isEqualTo(-EFBIG);
            assertThat(file.allocate(0, 0, 1L << 62)).isEqualTo(-ENOSPC);
        });
    }

    @Test
    void cutPages_areZeroedInsideTheHoleOnly() {
        fill(0, 3);
        assertThat(file.allocate(PUNCH, HUGE - 5000, HUGE + 10_000)).isZero();
        assertThat(unused()).isEqualTo(2);
        assertThat(byteAt(HUGE - 5001)).isEqualTo((byte) 1);
        assertThat(byteAt(HUGE - 5000)).isZero();
        assertThat(byteAt(HUGE - 1)).isZero();
        assertThat(byteAt(2 * HUGE)).isZero();
        assertThat(byteAt(2 * HUGE + 4999)).isZero();
        assertThat(byteAt(2 * HUGE + 5000)).isEqualTo((byte) 1);
    }

    @Test
    void holeInsideOnePage_isZeroed() {
        fill(0, 1);
        assertThat(file.allocate(PUNCH, 100, 5000)).isZero();
        assertThat(unused()).isEqualTo(3);
        assertThat(byteAt(99)).isEqualTo((byte) 1);
        assertThat(byteAt(100)).isZero();
        assertThat(byteAt(5099)).isZero();
        assertThat(byteAt(5100)).isEqualTo((byte) 1);
    }

    @Test
    void holeBeyondTheEnd_isZeroedToo() {
        fill(FALLOC_FL_KEEP_SIZE, 2);
        assertThat(file.allocate(PUNCH, HUGE + 100, 100)).isZero();
        assertThat(file.truncate(2 * HUGE)).isZero();
        assertThat(byteAt(HUGE + 99)).isEqualTo((byte) 1);
        assertThat(byteAt(HUGE + 100)).isZero();
        assertThat(byteAt(HUGE + 199)).isZero();
    }
}
