package sharewalk.kernel.fs.device;

import static sharewalk.abi.Errno.EIO;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.Errno.EPIPE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.abi.Ioctl;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;

/// A standard stream as a device: bytes read from one host stream, bytes written to another, untouched.
public final class StreamDevice implements FileOperations {
    /// A `struct termios` of a terminal in canonical mode with echo: c_iflag, c_oflag, c_cflag, c_lflag, c_line,
    /// c_cc.
    private static final int TERMIOS_BYTES = 36;
    private static final int INPUT_MODES = 0x500;
    private static final int OUTPUT_MODES = 5;
    private static final int CONTROL_MODES = 0xbf;
    private static final int LOCAL_MODES = 0x8a3b;

    private final InputStream input;
    private final OutputStream output;
    private final boolean isTerminal;

    /// Creates a device on two host streams.
    public StreamDevice(InputStream input, OutputStream output, boolean isTerminal) {
        this.input = input;
        this.output = output;
        this.isTerminal = isTerminal;
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        try {
            int count = input.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
            into.position(into.position() + Math.max(count, 0));
            return Math.max(count, 0);
        } catch (IOException _) {
            return -EIO;
        }
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        int count = from.remaining();
        try {
            output.write(from.array(), from.arrayOffset() + from.position(), count);
            from.position(from.limit());
            return count;
        } catch (IOException e) {
            return -errorOf(e);
        }
    }

    // The host tells only in words what went wrong.
    private static int errorOf(IOException failure) {
        return switch (String.valueOf(failure.getMessage())) {
            case "Broken pipe" -> EPIPE;
            case "No space left on device" -> ENOSPC;
            default -> EIO;
        };
    }

    @Override
    public long ioctl(OpenFile file, int request, long argument, CallerMemory memory) {
        if (!isTerminal) {
            return -ENOTTY;
        }
        return switch (request) {
            case Ioctl.TCGETS -> memory.copyOut(argument, termios());
            case Ioctl.TCSETS -> 0;
            case Ioctl.TIOCGWINSZ -> memory.copyOut(argument, new byte[] {24, 0, 80, 0, 0, 0, 0, 0});
            default -> -ENOTTY;
        };
    }

    /// Hands what was written on to the host; to be called at exit and before the machine waits for input.
    public void flush() throws IOException {
        output.flush();
    }

    private static byte[] termios() {
        ByteBuffer termios = ByteBuffer.allocate(TERMIOS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        termios.putInt(INPUT_MODES).putInt(OUTPUT_MODES).putInt(CONTROL_MODES).putInt(LOCAL_MODES);
        return termios.array();
    }
}
