package sharewalk.kernel.fs.tmp;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EFBIG;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.Errno.ENXIO;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.EOVERFLOW;
import static sharewalk.abi.Fallocate.FALLOC_FL_KEEP_SIZE;
import static sharewalk.abi.Fallocate.FALLOC_FL_PUNCH_HOLE;
import static sharewalk.abi.Fallocate.FALLOC_FL_ZERO_RANGE;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.Seek.SEEK_CUR;
import static sharewalk.abi.Seek.SEEK_DATA;
import static sharewalk.abi.Seek.SEEK_END;
import static sharewalk.abi.Seek.SEEK_HOLE;
import static sharewalk.abi.Seek.SEEK_SET;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.PageSource.Wanted;

class TmpFileTest {
    private static final int HOLE = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

    private final TestFiles files = new TestFiles();
    private final OpenFile file = files.open("/tmp/file", O_CREAT | O_RDWR);
    private final long free = files.frames.freeFrames();

    @Test
    void write_leavesHolesThatReadAsZeros() {
        assertThat(file.writeAt(10_000, TestFiles.bytes("end"))).isEqualTo(3);
        assertThat(used()).isEqualTo(1);
        assertThat(file.inode().sizeBytes()).isEqualTo(10_003);
        ByteBuffer all = ByteBuffer.allocate(20_000);
        assertThat(file.readAt(0, all)).isEqualTo(10_003);
        assertThat(all.get(9_999)).isZero();
        assertThat(all.get(10_000)).isEqualTo((byte) 'e');
        assertThat(file.inode().status().blocks()).isEqualTo(8);
    }

    @Test
    void frame_isTheOneThatReadAndWriteUse() {
        PageSource pages = (PageSource) file.inode();
        assertThat(pages.frame(0, Wanted.READ)).isEqualTo(PageSource.BEYOND_END);
        assertThat(file.truncate(5000)).isZero();
        assertThat(pages.isResident(1)).isFalse();
        long pfn = pages.frame(1, Wanted.WRITE);
        assertThat(pages.isResident(1)).isTrue();
        assertThat(pages.frame(2, Wanted.READ)).isEqualTo(PageSource.BEYOND_END);
        assertThat(pages.frame(-1, Wanted.READ)).isEqualTo(PageSource.BEYOND_END);
        files.memory.write8((pfn << 12) + 10, 'x');
        assertThat(file.writeAt(4096 + 11, TestFiles.bytes("y"))).isEqualTo(1);
        ByteBuffer two = ByteBuffer.allocate(2);
        assertThat(file.readAt(4096 + 10, two)).isEqualTo(2);
        assertThat(two.array()).containsExactly('x', 'y');
        assertThat(files.memory.read8((pfn << 12) + 11)).isEqualTo('y');
    }

    @Test
    void write_forgetsCodeInTheFrameFirst() {
        assertThat(file.write(TestFiles.bytes("code"))).isEqualTo(4);
        long pfn = ((PageSource) file.inode()).frame(0, Wanted.READ);
        assertThat(file.writeAt(0, TestFiles.bytes("a"))).isEqualTo(1);
        assertThat(files.discardedCode).isEmpty();
        files.allocator.table().markCode(pfn);
        assertThat(file.writeAt(0, TestFiles.bytes("b"))).isEqualTo(1);
        assertThat(files.discardedCode).containsExactly(pfn);
    }

    @Test
    void truncate_freesPagesAndZeroesTheRest() {
        assertThat(file.write(ByteBuffer.wrap(filled(3 * 4096)))).isEqualTo(3 * 4096);
        assertThat(used()).isEqualTo(3);
        assertThat(file.truncate(100)).isZero();
        assertThat(used()).isEqualTo(1);
        assertThat(file.truncate(200)).isZero();
        ByteBuffer tail = ByteBuffer.allocate(200);
        assertThat(file.readAt(0, tail)).isEqualTo(200);
        assertThat(tail.get(99)).isEqualTo((byte) 7);
        assertThat(tail.get(100)).isZero();
        assertThat(file.truncate(0)).isZero();
        assertThat(used()).isZero();
        assertThat(file.truncate(-1)).isEqualTo(-EINVAL);
        assertThat(file.truncate(Long.MAX_VALUE)).isEqualTo(-EFBIG);
        assertThat(file.truncate(PagedFile.SIZE_LIMIT)).isZero();
    }

    @Test
    void allocate_takesPagesAndGrowsUnlessTold() {
        assertThat(file.allocate(0, 4096, 8192)).isZero();
        assertThat(used()).isEqualTo(2);
        assertThat(file.inode().sizeBytes()).isEqualTo(12288);
        assertThat(file.allocate(FALLOC_FL_KEEP_SIZE, 0, 40960)).isZero();
        assertThat(used()).isEqualTo(10);
        assertThat(file.inode().sizeBytes()).isEqualTo(12288);
    }

    @Test
    void allocate_takesNothingWhenItCannotTakeAll() {
        assertThat(file.allocate(0, 0, 1L << 50)).isEqualTo(-ENOSPC);
        assertThat(used()).isZero();
        assertThat(file.inode().sizeBytes()).isZero();
    }

    @Test
    void allocate_punchesHoles() {
        assertThat(file.write(ByteBuffer.wrap(filled(4 * 4096)))).isEqualTo(4 * 4096);
        assertThat(file.allocate(HOLE, 1000, 2 * 4096)).isZero();
        assertThat(used()).isEqualTo(3);
        ByteBuffer all = ByteBuffer.allocate(4 * 4096);
        assertThat(file.readAt(0, all)).isEqualTo(4 * 4096);
        byte[] wanted = filled(4 * 4096);
        Arrays.fill(wanted, 1000, 1000 + 2 * 4096, (byte) 0);
        assertThat(all.array()).isEqualTo(wanted);
        assertThat(file.allocate(HOLE, 10, 20)).isZero();
        assertThat(used()).isEqualTo(3);
    }

    @Test
    void allocate_saysWhatItCannot() {
        assertThat(file.allocate(FALLOC_FL_PUNCH_HOLE, 0, 1)).isEqualTo(-EOPNOTSUPP);
        assertThat(file.allocate(FALLOC_FL_ZERO_RANGE, 0, 1)).isEqualTo(-EOPNOTSUPP);
        assertThat(file.allocate(0, 0, 0)).isEqualTo(-EINVAL);
        assertThat(file.allocate(0, -1, 1)).isEqualTo(-EINVAL);
        assertThat(file.allocate(0, Long.MAX_VALUE, 10)).isEqualTo(-EFBIG);
    }

    @Test
    void write_endsWhereTheFileSystemIsFull() {
        long room = files.find("/tmp").mount().fileSystem().status().freeBlocks();
        for (long page = 0; page < room - 1; page++) {
            assertThat(file.write(ByteBuffer.wrap(filled(4096)))).isEqualTo(4096);
        }
        assertThat(file.write(ByteBuffer.wrap(filled(8192)))).isEqualTo(4096);
        assertThat(file.write(ByteBuffer.wrap(filled(1)))).isEqualTo(-ENOSPC);
        assertThat(((PageSource) file.inode()).frame(room, Wanted.WRITE)).isEqualTo(PageSource.BEYOND_END);
        file.release();
        assertThat(files.vfs.names().unlink(files.path("/tmp/file"))).isZero();
        assertThat(used()).isZero();
    }

    @Test
    void write_stopsAtTheLargestSize() {
        assertThat(file.writeAt(PagedFile.SIZE_LIMIT, TestFiles.bytes("x"))).isEqualTo(-EFBIG);
        assertThat(file.writeAt(PagedFile.SIZE_LIMIT - 1, TestFiles.bytes("xy")))
                .isEqualTo(1);
        assertThat(used()).isEqualTo(1);
        assertThat(file.readAt(Long.MAX_VALUE, ByteBuffer.allocate(1))).isEqualTo(-EINVAL);
    }

    @Test
    void seek_goesWhereItIsTold() {
        assertThat(file.truncate(100)).isZero();
        assertThat(file.seek(10, SEEK_SET)).isEqualTo(10);
        assertThat(file.seek(5, SEEK_CUR)).isEqualTo(15);
        assertThat(file.seek(-1, SEEK_END)).isEqualTo(99);
        assertThat(file.seek(-200, SEEK_CUR)).isEqualTo(-EINVAL);
        assertThat(file.seek(Long.MAX_VALUE, SEEK_CUR)).isEqualTo(-EOVERFLOW);
        assertThat(file.seek(0, 9)).isEqualTo(-EINVAL);
        assertThat(file.position()).isEqualTo(99);
        assertThat(file.seek(1000, SEEK_SET)).isEqualTo(1000);
        assertThat(file.read(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void seek_findsDataAndHoles() {
        assertThat(file.writeAt(8192, TestFiles.bytes("data"))).isEqualTo(4);
        assertThat(file.truncate(20_000)).isZero();
        assertThat(file.seek(0, SEEK_HOLE)).isZero();
        assertThat(file.seek(0, SEEK_DATA)).isEqualTo(8192);
        assertThat(file.seek(9000, SEEK_DATA)).isEqualTo(9000);
        assertThat(file.seek(9000, SEEK_HOLE)).isEqualTo(12288);
        assertThat(file.seek(12288, SEEK_DATA)).isEqualTo(-ENXIO);
        assertThat(file.seek(20_000, SEEK_HOLE)).isEqualTo(-ENXIO);
    }

    @Test
    void randomOperations_agreeWithAnArray() {
        SplittableRandom random = new SplittableRandom(20_261_122);
        byte[] model = new byte[100_000];
        int size = 0;
        for (int step = 0; step < 2000; step++) {
            int start = random.nextInt(90_000);
            int count = random.nextInt(1, 10_000);
            switch (random.nextInt(4)) {
                case 0 -> {
                    byte[] content = new byte[count];
                    random.nextBytes(content);
                    assertThat(file.writeAt(start, ByteBuffer.wrap(content))).isEqualTo(count);
                    System.arraycopy(content, 0, model, start, count);
                    size = Math.max(size, start + count);
                }
                case 1 -> {
                    assertThat(file.truncate(start)).isZero();
                    Arrays.fill(model, start, model.length, (byte) 0);
                    size = start;
                }
                case 2 -> {
                    assertThat(file.allocate(HOLE, start, count)).isZero();
                    Arrays.fill(model, start, start + count, (byte) 0);
                }
                default -> {
                    ByteBuffer read = ByteBuffer.allocate(count);
                    int wanted = Math.clamp(size - start, 0, count);
                    assertThat(file.readAt(start, read)).isEqualTo(wanted);
                    byte[] expected = Arrays.copyOfRange(model, start, start + wanted);
                    assertThat(Arrays.copyOf(read.array(), wanted)).isEqualTo(expected);
                }
            }
            assertThat(file.inode().sizeBytes()).isEqualTo(size);
            assertThat(used() * 4096).isEqualTo(file.inode().storedBytes());
        }
    }

    private long used() {
        return free - files.frames.freeFrames();
    }

    private static byte[] filled(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }
}
