package sharewalk.kernel.fs.tree;

import static sharewalk.abi.OpenFlags.O_LARGEFILE;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import sharewalk.kernel.fs.CharacterDevice;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.NamelessFileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.fs.device.Device;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.kernel.fs.device.StreamDevice;

/// The devices behind descriptors 0, 1 and 2.
final class StandardFiles {
    private static final long MAGIC = 0x6465_7670;
    private static final int TERMINAL_MAJOR = 136;

    private final Vfs vfs;
    private final NamelessFileSystem fileSystem;
    private final boolean isTerminal;
    private final StreamDevice input;
    private final StreamDevice output;
    private final StreamDevice error;

    StandardFiles(Vfs vfs, StandardStreams streams) {
        this.vfs = vfs;
        this.fileSystem = new NamelessFileSystem(vfs.mounts().newContext(), "streams", MAGIC);
        this.isTerminal = streams.isTerminal();
        this.input = new StreamDevice(streams.input(), OutputStream.nullOutputStream(), isTerminal);
        this.output = new StreamDevice(InputStream.nullInputStream(), streams.output(), isTerminal);
        this.error = new StreamDevice(InputStream.nullInputStream(), streams.error(), isTerminal);
    }

    /// Opens the three devices as the next three descriptors of an empty table.
    void openInto(FileTable files) {
        add(files, "stdin", input, isTerminal ? O_RDWR : O_RDONLY);
        add(files, "stdout", output, isTerminal ? O_RDWR : O_WRONLY);
        add(files, "stderr", error, isTerminal ? O_RDWR : O_WRONLY);
    }

    /// Hands on to the host what was written.
    void flush() throws IOException {
        output.flush();
        error.flush();
    }

    private void add(FileTable files, String name, StreamDevice device, int flags) {
        long number = CharacterDevice.numberOf(TERMINAL_MAJOR, 0);
        Device inode = new Device(fileSystem, 0620, number, device);
        Outcome<OpenFile> file = vfs.openFiles().open(fileSystem.place(inode, name), name, device, flags | O_LARGEFILE);
        if (file.isError() || files.add(file.value(), false) < 0) {
            throw new IllegalStateException("no room for " + name);
        }
    }
}
