package sharewalk.kernel.fs.event;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;
import static sharewalk.abi.PollEvents.POLLIN;
import static sharewalk.abi.PollEvents.POLLOUT;
import static sharewalk.kernel.fs.FileOperations.WOULD_BLOCK;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;

class EventCounterTest {
    private final TestFiles files = new TestFiles();
    private final EventFiles events = files.tree.eventFiles();

    @Test
    void read_takesAllThatWasAdded() {
        OpenFile file = events.open(3, 0).value();
        assertThat(add(file, 4)).isEqualTo(8);
        assertThat(take(file)).isEqualTo(7);
        assertThat(file.read(ByteBuffer.allocate(8))).isEqualTo(WOULD_BLOCK);
    }

    @Test
    void read_takesOneFromASemaphore() {
        OpenFile file = events.open(2, EventFiles.EFD_SEMAPHORE | O_NONBLOCK).value();
        assertThat(take(file)).isEqualTo(1);
        assertThat(take(file)).isEqualTo(1);
        assertThat(file.read(ByteBuffer.allocate(8))).isEqualTo(-EAGAIN);
    }

    @Test
    void write_waitsWhenTheCountWouldOverflow() {
        OpenFile file = events.open(0, 0).value();
        assertThat(add(file, -2)).isEqualTo(8);
        assertThat(add(file, 1)).isEqualTo(WOULD_BLOCK);
        assertThat(file.ready() & POLLOUT).isZero();
        assertThat(take(file)).isEqualTo(-2);
        assertThat(add(file, 1)).isEqualTo(8);
    }

    @Test
    void buffers_mustHoldEightBytes() {
        OpenFile file = events.open(1, 0).value();
        assertThat(file.read(ByteBuffer.allocate(7))).isEqualTo(-EINVAL);
        assertThat(file.write(ByteBuffer.allocate(7))).isEqualTo(-EINVAL);
        assertThat(add(file, -1)).isEqualTo(-EINVAL);
        assertThat(events.open(1, 2).error()).isEqualTo(-EINVAL);
    }

    @Test
    void ready_followsTheCount() {
        OpenFile file = events.open(0, 0).value();
        assertThat(file.ready() & POLLIN).isZero();
        assertThat(add(file, 1)).isEqualTo(8);
        assertThat(file.ready() & POLLIN).isEqualTo(POLLIN);
    }

    private static long add(OpenFile file, long count) {
        ByteBuffer buffer =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, count);
        return file.write(buffer);
    }

    private static long take(OpenFile file) {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        assertThat(file.read(buffer)).isEqualTo(8);
        return buffer.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }
}
