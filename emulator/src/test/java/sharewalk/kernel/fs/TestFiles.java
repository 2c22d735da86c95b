package sharewalk.kernel.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.proc.ProcessTable;
import sharewalk.kernel.fs.proc.ProcessView;
import sharewalk.kernel.fs.proc.SystemView;
import sharewalk.kernel.fs.tree.StandardTree;
import sharewalk.kernel.fs.tree.TreeSettings;
import sharewalk.kernel.mm.CurrentHart;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameListener;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.PagingMode;

/// A machine's files without the machine: the standard tree over a small RAM, with a clock that ticks when asked.
public final class TestFiles {
    public final SegmentMemory memory;
    public final FrameAllocator allocator;
    public final PageFrames frames;
    public final HugeMemory hugeMemory;
    public final List<Long> discardedCode = new ArrayList<>();
    public final TreeMap<Integer, ProcessView> processes = new TreeMap<>();
    public final ByteArrayOutputStream output = new ByteArrayOutputStream();
    public final ByteArrayOutputStream error = new ByteArrayOutputStream();
    public final StandardTree tree;
    public final Vfs vfs;
    public final FsContext context;
    public long now = 1_000_000_000;

    public TestFiles() {
        this(4 << 20, null);
    }

    public TestFiles(int ramBytes, @Nullable StandardStreams streams) {
        memory = SegmentMemory.onHeap(ramBytes);
        allocator = new FrameAllocator(FrameTable.of(memory), memory, FrameListener.NONE);
        CurrentHart current = new CurrentHart();
        frames = new PageFrames(allocator, memory, discardedCode::add, current);
        hugeMemory = new HugeMemory(allocator, PagingMode.SV39, Set.of(), current);
        StandardStreams given = streams == null ? StandardStreams.of(output, error) : streams;
        tree = StandardTree.of(new TreeSettings(
                frames, hugeMemory, () -> now, new GuestRandom(42), given, new Processes(), new Machine()));
        vfs = tree.vfs();
        context = vfs.rootContext();
    }

    /// Returns a path for the first process.
    public PathName path(String text) {
        return PathName.of(context, text);
    }

    /// Opens a file; the errno when that fails fails the test.
    public OpenFile open(String text, int flags) {
        return vfs.opener().open(path(text), flags, 0644).value();
    }

    /// Returns the negative errno with which opening fails, or 0.
    public long openError(String text, int flags) {
        return vfs.opener().open(path(text), flags, 0644).error();
    }

    /// Makes a file with a content.
    public void write(String text, String content) {
        OpenFile file = open(text, O_WRONLY | O_CREAT);
        long written = file.write(bytes(content));
        file.release();
        if (written != content.length()) {
            throw new AssertionError("wrote " + written);
        }
    }

    /// Returns the content of a file.
    public String read(String text) {
        OpenFile file = open(text, O_RDONLY);
        String content = read(file, 1 << 16);
        file.release();
        return content;
    }

    /// Returns at most so many bytes from a file's position on.
    public static String read(OpenFile file, int count) {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        long result = file.read(buffer);
        if (result < 0) {
            throw new AssertionError("read gave " + result);
        }
        return new String(buffer.array(), 0, (int) result, ISO_8859_1);
    }

    /// Returns a buffer with a text, ready to be written from.
    public static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    /// Returns what a path stands for.
    public Location find(String text) {
        return vfs.find(path(text)).value();
    }

    /// Returns the negative errno with which a path is found, or 0.
    public long findError(String text) {
        return vfs.find(path(text)).error();
    }

    /// Makes a directory.
    public void makeDirectory(String text) {
        long result = vfs.names().makeDirectory(path(text), 0755);
        if (result != 0) {
            throw new AssertionError("mkdir gave " + result);
        }
    }

    /// Makes a symbolic link.
    public void makeLink(String target, String text) {
        long result = vfs.names().makeSymbolicLink(target, path(text));
        if (result != 0) {
            throw new AssertionError("symlink gave " + result);
        }
    }

    /// Returns the names in a directory, as getdents64(2) lists them through a buffer of a given size.
    public List<String> list(String text, int bufferBytes) {
        OpenFile file = open(text, O_RDONLY);
        List<String> names = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(bufferBytes);
        while (file.readDirectory(buffer) > 0) {
            buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining()) {
                int start = buffer.position();
                int end = start + buffer.getShort(start + 16);
                String name = new String(buffer.array(), start + 19, end - start - 19, ISO_8859_1);
                names.add(name.substring(0, name.indexOf('\0')));
                buffer.position(end);
            }
            buffer.clear();
        }
        file.release();
        return names;
    }

    /// Returns a context that is not the superuser's.
    public FsContext user() {
        FsContext user = vfs.rootContext();
        user.become(new Credentials(1000, 1000));
        return user;
    }

    private final class Processes implements ProcessTable {
        @Override
        public @Nullable ProcessView current() {
            return processes.isEmpty() ? null : processes.firstEntry().getValue();
        }

        @Override
        public @Nullable ProcessView find(int pid) {
            return processes.get(pid);
        }

        @Override
        public List<Integer> pids() {
            return List.copyOf(processes.keySet());
        }
    }

    private static final class Machine implements SystemView {
        @Override
        public SystemMemory memory() {
            return new SystemMemory(4 << 20, 3 << 20, 0, 8192, 0, 4096, new Swap(0, 0));
        }

        @Override
        public String cpuInfo() {
            return "processor\t: 0\n";
        }

        @Override
        public String kernelRelease() {
            return "6.17.0";
        }

        @Override
        public long uptimeNanoseconds() {
            return 12_340_000_000L;
        }

        @Override
        public int harts() {
            return 2;
        }
    }
}
