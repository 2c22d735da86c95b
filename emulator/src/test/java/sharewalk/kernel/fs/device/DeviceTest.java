package sharewalk.kernel.fs.device;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.Errno.ESPIPE;
import static sharewalk.abi.OpenFlags.O_RDWR;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.abi.Errno;
import sharewalk.abi.FileMode;
import sharewalk.abi.Ioctl;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.CharacterDevice;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.PageSource.Wanted;

class DeviceTest {
    private final TestFiles files = new TestFiles();

    @Test
    void null_endsAtOnceAndSwallows() {
        OpenFile file = files.open("/dev/null", O_RDWR);
        assertThat(file.read(ByteBuffer.allocate(10))).isZero();
        assertThat(file.write(TestFiles.bytes("gone"))).isEqualTo(4);
        assertThat(file.mapSource().error()).isEqualTo(-ENODEV);
        assertThat(file.inode().status().mode()).isEqualTo(FileMode.S_IFCHR | 0666);
        assertThat(file.inode().specialDevice()).isEqualTo(0x103);
    }

    @Test
    void zero_givesZerosAndMemory() {
        OpenFile file = files.open("/dev/zero", O_RDWR);
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3});
        assertThat(file.read(buffer)).isEqualTo(3);
        assertThat(buffer.array()).containsExactly(0, 0, 0);
        PageSource first = (PageSource) file.mapSource().value();
        PageSource second = (PageSource) file.mapSource().value();
        assertThat(first.frame(5, Wanted.WRITE)).isNotEqualTo(second.frame(5, Wanted.WRITE));
    }

    @ParameterizedTest
    @CsvSource({"Broken pipe, 32", "No space left on device, 28", "Input/output error, 5", ", 5"})
    void stream_answersWithTheHostsError(@Nullable String words, int error) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(words);
            }
        };
        FileOperations device = new StreamDevice(InputStream.nullInputStream(), broken, false);
        OpenFile file = files.open("/dev/null", O_RDWR);
        assertThat(device.write(file, 0, TestFiles.bytes("x"))).isEqualTo(-error);
    }

    @Test
    void full_hasNoSpace() {
        OpenFile file = files.open("/dev/full", O_RDWR);
        assertThat(file.write(TestFiles.bytes("x"))).isEqualTo(-ENOSPC);
        assertThat(file.read(ByteBuffer.allocate(3))).isEqualTo(3);
    }

    @Test
    void random_followsTheSeed() {
        ByteBuffer first = ByteBuffer.allocate(20);
        assertThat(files.open("/dev/urandom", O_RDWR).read(first)).isEqualTo(20);
        ByteBuffer again = ByteBuffer.allocate(20);
        assertThat(new TestFiles().open("/dev/random", O_RDWR).read(again)).isEqualTo(20);
        assertThat(again.array()).isEqualTo(first.array());
        ByteBuffer next = ByteBuffer.allocate(20);
        assertThat(files.open("/dev/random", O_RDWR).read(next)).isEqualTo(20);
        assertThat(next.array()).isNotEqualTo(first.array());
    }

    @Test
    void guestRandom_isSplitMix64() {
        GuestRandom random = new GuestRandom(1234567);
        assertThat(Long.toUnsignedString(random.next())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(random.next())).isEqualTo("3203168211198807973");
    }

    @Test
    void numberOf_spreadsLargeNumbersAsLinuxDoes() {
        assertThat(CharacterDevice.numberOf(1, 3)).isEqualTo(0x103);
        assertThat(CharacterDevice.numberOf(0x12345, 0x6789a)).isEqualTo(0x0001_2000_6783_459aL);
    }

    @Test
    void standardStreams_carryBytesUntouched() {
        FileTable table = files.tree.newFileTable();
        byte[] every = new byte[256];
        for (int value = 0; value < 256; value++) {
            every[value] = (byte) value;
        }
        assertThat(get(table, 1).write(ByteBuffer.wrap(every))).isEqualTo(256);
        assertThat(get(table, 2).write(TestFiles.bytes("err"))).isEqualTo(3);
        assertThat(files.output.toByteArray()).isEqualTo(every);
        assertThat(files.error.toString(US_ASCII)).isEqualTo("err");
        assertThat(get(table, 0).read(ByteBuffer.allocate(10))).isZero();
        assertThat(get(table, 0).write(TestFiles.bytes("x"))).isEqualTo(-EBADF);
        assertThat(get(table, 1).read(ByteBuffer.allocate(1))).isEqualTo(-EBADF);
        assertThat(get(table, 1).seek(0, 0)).isEqualTo(-ESPIPE);
    }

    @Test
    void standardInput_givesWhatTheHostGives() {
        ByteArrayInputStream input = new ByteArrayInputStream(new byte[] {'a', 'b', 'c'});
        StandardStreams streams = new StandardStreams(input, files.output, files.error, false);
        FileTable table = new TestFiles(1 << 20, streams).tree.newFileTable();
        assertThat(TestFiles.read(get(table, 0), 2)).isEqualTo("ab");
        assertThat(TestFiles.read(get(table, 0), 10)).isEqualTo("c");
        assertThat(TestFiles.read(get(table, 0), 10)).isEmpty();
    }

    @Test
    void flush_reachesTheHost() throws IOException {
        ByteArrayOutputStream host = new ByteArrayOutputStream();
        OutputStream buffered = new BufferedOutputStream(host);
        TestFiles machine = new TestFiles(1 << 20, StandardStreams.of(buffered, buffered));
        assertThat(get(machine.tree.newFileTable(), 1).write(TestFiles.bytes("late")))
                .isEqualTo(4);
        assertThat(host.size()).isZero();
        machine.tree.flush();
        assertThat(host.size()).isEqualTo(4);
    }

    @Test
    void terminalRequests_areAnsweredOnlyWhenThereIsATerminal() {
        Memory memory = new Memory();
        FileTable piped = files.tree.newFileTable();
        assertThat(get(piped, 1).ioctl(Ioctl.TCGETS, 0x1000, memory)).isEqualTo(-ENOTTY);
        StandardStreams streams =
                new StandardStreams(new ByteArrayInputStream(new byte[0]), files.output, files.error, true);
        FileTable terminal = new TestFiles(1 << 20, streams).tree.newFileTable();
        assertThat(get(terminal, 1).ioctl(Ioctl.TCGETS, 0x1000, memory)).isZero();
        assertThat(memory.written).hasSize(36);
        assertThat(get(terminal, 1).ioctl(Ioctl.TIOCGWINSZ, 0x1000, memory)).isZero();
        assertThat(HexFormat.of().formatHex(memory.written)).isEqualTo("1800500000000000");
        assertThat(get(terminal, 1).ioctl(Ioctl.TCGETS, 0, memory)).isEqualTo(-Errno.EFAULT);
        assertThat(get(terminal, 1).ioctl(0x1234, 0, memory)).isEqualTo(-ENOTTY);
    }

    private static OpenFile get(FileTable table, int fd) {
        @Nullable OpenFile file = table.get(fd);
        if (file == null) {
            throw new AssertionError("descriptor " + fd);
        }
        return file;
    }

    private static final class Memory implements CallerMemory {
        private byte[] written = {};

        @Override
        public long copyIn(long virtAddr, byte[] into) {
            return -Errno.EFAULT;
        }

        @Override
        public long copyOut(long virtAddr, byte[] from) {
            if (virtAddr == 0) {
                return -Errno.EFAULT;
            }
            written = from.clone();
            return 0;
        }
    }
}
