package sharewalk.kernel.fs.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EPIPE;
import static sharewalk.abi.Errno.ESPIPE;
import static sharewalk.abi.OpenFlags.O_DIRECT;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;
import static sharewalk.abi.PollEvents.POLLERR;
import static sharewalk.abi.PollEvents.POLLHUP;
import static sharewalk.abi.PollEvents.POLLIN;
import static sharewalk.abi.PollEvents.POLLOUT;
import static sharewalk.abi.PollEvents.POLLRDNORM;
import static sharewalk.abi.PollEvents.POLLWRNORM;
import static sharewalk.kernel.fs.FileOperations.WOULD_BLOCK;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;
import sharewalk.kernel.wait.WaitQueue;

class PipeTest {
    private final TestFiles files = new TestFiles();
    private final long free = files.frames.freeFrames();
    private final Pipes.Ends ends = files.tree.pipes().make(0).value();
    private final OpenFile reader = ends.reader();
    private final OpenFile writer = ends.writer();
    private int woken;

    @Test
    void bytes_comeOutAsTheyWentIn() {
        assertThat(writer.write(TestFiles.bytes("hello "))).isEqualTo(6);
        assertThat(writer.write(TestFiles.bytes("world"))).isEqualTo(5);
        assertThat(TestFiles.read(reader, 8)).isEqualTo("hello wo");
        assertThat(TestFiles.read(reader, 8)).isEqualTo("rld");
        assertThat(files.frames.freeFrames()).isEqualTo(free);
    }

    @Test
    void read_waitsForAWriterAndEndsWithoutOne() {
        assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(WOULD_BLOCK);
        assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
        queue(reader, POLLIN).add(() -> woken++);
        assertThat(writer.write(TestFiles.bytes("x"))).isEqualTo(1);
        assertThat(woken).isEqualTo(1);
        queue(reader, POLLIN).add(() -> woken++);
        writer.release();
        assertThat(woken).isEqualTo(2);
        assertThat(TestFiles.read(reader, 5)).isEqualTo("x");
        assertThat(reader.read(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void write_failsWithoutAReader() {
        queue(writer, POLLOUT).add(() -> woken++);
        reader.release();
        assertThat(woken).isEqualTo(1);
        assertThat(writer.write(TestFiles.bytes("x"))).isEqualTo(-EPIPE);
        assertThat(writer.write(TestFiles.bytes(""))).isZero();
    }

    @Test
    void write_ofUpToPipeBufIsAllOrNothing() {
        assertThat(writer.write(ByteBuffer.allocate(Pipes.CAPACITY - 100))).isEqualTo(Pipes.CAPACITY - 100);
        assertThat(writer.write(ByteBuffer.allocate(4096))).isEqualTo(WOULD_BLOCK);
        assertThat(writer.write(ByteBuffer.allocate(4097))).isEqualTo(100);
        assertThat(writer.write(ByteBuffer.allocate(1))).isEqualTo(WOULD_BLOCK);
        queue(writer, POLLOUT).add(() -> woken++);
        assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(woken).isEqualTo(1);
        assertThat(writer.write(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    void nonBlockingEnds_sayTryAgain() {
        Pipes.Ends others = files.tree.pipes().make(O_NONBLOCK).value();
        assertThat(others.reader().read(ByteBuffer.allocate(1))).isEqualTo(-EAGAIN);
        assertThat(others.writer().write(ByteBuffer.allocate(Pipes.CAPACITY))).isEqualTo(Pipes.CAPACITY);
        assertThat(others.writer().write(ByteBuffer.allocate(1))).isEqualTo(-EAGAIN);
        assertThat(files.tree.pipes().make(O_DIRECT).error()).isEqualTo(-EINVAL);
    }

    @Test
    void ready_tellsWhatWouldNotBlock() {
        assertThat(reader.ready()).isZero();
        assertThat(writer.ready()).isEqualTo(POLLOUT | POLLWRNORM);
        assertThat(writer.write(ByteBuffer.allocate(Pipes.CAPACITY - 4095))).isEqualTo(Pipes.CAPACITY - 4095);
        assertThat(writer.ready()).isZero();
        assertThat(reader.ready()).isEqualTo(POLLIN | POLLRDNORM);
        reader.retain();
        writer.release();
        assertThat(reader.ready()).isEqualTo(POLLIN | POLLRDNORM | POLLHUP);
    }

    @Test
    void ready_tellsAWriterThatNobodyReads() {
        reader.release();
        assertThat(writer.ready()).isEqualTo(POLLOUT | POLLWRNORM | POLLERR);
    }

    @Test
    void ends_areOneWayAndHaveNoPosition() {
        assertThat(reader.write(TestFiles.bytes("x"))).isEqualTo(-EBADF);
        assertThat(writer.read(ByteBuffer.allocate(1))).isEqualTo(-EBADF);
        assertThat(reader.seek(0, 0)).isEqualTo(-ESPIPE);
        assertThat(reader.readAt(0, ByteBuffer.allocate(1))).isEqualTo(-ESPIPE);
        assertThat(reader.mapSource().isError()).isTrue();
        assertThat(reader.path()).startsWith("pipe:[");
    }

    @Test
    void closing_givesTheFramesBack() {
        assertThat(writer.write(ByteBuffer.allocate(Pipes.CAPACITY))).isEqualTo(Pipes.CAPACITY);
        assertThat(files.frames.freeFrames()).isEqualTo(free - 16);
        writer.release();
        reader.release();
        assertThat(files.frames.freeFrames()).isEqualTo(free);
    }

    @Test
    void write_failsWhenRamIsUsedUp() {
        while (files.frames.freeFrames() > 0) {
            assertThat(files.frames.allocate()).isPositive();
        }
        assertThat(writer.write(ByteBuffer.allocate(10))).isEqualTo(-ENOMEM);
    }

    @Test
    void randomTraffic_agreesWithAQueue() {
        SplittableRandom random = new SplittableRandom(7);
        Queue<Byte> model = new ArrayDeque<>();
        for (int step = 0; step < 5000; step++) {
            int count = random.nextInt(1, step % 2 == 0 ? 20_000 : 5000);
            if (random.nextBoolean()) {
                byte[] content = new byte[count];
                random.nextBytes(content);
                long written = Math.max(writer.write(ByteBuffer.wrap(content)), 0);
                for (int index = 0; index < written; index++) {
                    model.add(content[index]);
                }
            } else {
                ByteBuffer into = ByteBuffer.allocate(count);
                long taken = reader.read(into);
                assertThat(taken).isEqualTo(model.isEmpty() ? WOULD_BLOCK : Math.min(count, model.size()));
                for (int index = 0; index < taken; index++) {
                    assertThat(into.get(index)).isEqualTo(model.remove());
                }
            }
            long pagesAtMost = model.isEmpty() ? 0 : Math.min(model.size() / 4096 + 2, 16);
            assertThat(free - files.frames.freeFrames()).isBetween(model.size() / 4096L, pagesAtMost);
        }
    }

    private static WaitQueue queue(OpenFile file, int event) {
        @Nullable WaitQueue queue = file.waitQueue(event);
        if (queue == null) {
            throw new AssertionError("no wait queue");
        }
        return queue;
    }
}
