package sharewalk.kernel.fs.page;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Fallocate.FALLOC_FL_KEEP_SIZE;
import static sharewalk.abi.Fallocate.FALLOC_FL_PUNCH_HOLE;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDWR;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.abi.Signals;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.fs.tmp.TmpFileSystem;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.CurrentHart;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;

class MappedFileTest {
    private static final long PAGE = TestMachine.PAGE;

    private final TestMachine machine = TestMachine.of(PagingMode.SV39);
    private final Vfs vfs = new Vfs(() -> 0, 100);
    private final long freeAtFirst = machine.frames.freeFrames();
    private final PathName path;
    private final OpenFile file;

    /// Makes a file of four pages.
    MappedFileTest() {
        PageFrames frames = new PageFrames(machine.frames, machine.memory, machine.discarded::add, new CurrentHart());
        TmpFileSystem tmp = TmpFileSystem.ofDefaultSize(vfs.mounts().newContext(), frames, 0755);
        assertThat(vfs.mounts().attach(tmp, "tmpfs", null, MountOptions.DEFAULT).isError())
                .isFalse();
        FsContext context = vfs.rootContext();
        path = PathName.of(context, "/file");
        file = vfs.opener().open(path, O_CREAT | O_RDWR, 0600).value();
        assertThat(file.truncate(4 * PAGE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {MAP_SHARED, MAP_PRIVATE})
    void truncate_takesThePagesFromEveryProcess(int flags) {
        AddressSpace first = machine.process();
        AddressSpace second = machine.process();
        long inFirst = map(first, flags);
        long inSecond = map(second, flags);
        for (long page = 0; page < 4; page++) {
            assertThat(machine.store(first, inFirst + page * PAGE, 1)).isZero();
            assertThat(machine.access(second, inSecond + page * PAGE, AccessType.LOAD))
                    .isPositive();
        }
        assertThat(file.truncate(PAGE)).isZero();
        assertThat(machine.access(first, inFirst + PAGE, AccessType.LOAD)).isEqualTo(-Signals.SIGBUS);
        assertThat(machine.access(second, inSecond + 3 * PAGE, AccessType.LOAD)).isEqualTo(-Signals.SIGBUS);
        assertThat(machine.access(first, inFirst, AccessType.LOAD)).isPositive();
        assertThat(file.inode().storedBytes()).isEqualTo(PAGE);
    }

    @Test
    void stores_areSeenByReadAndWritesByLoads() {
        AddressSpace space = machine.process();
        long virtAddr = map(space, MAP_SHARED);
        assertThat(machine.store(space, virtAddr + PAGE + 5, 'x')).isZero();
        ByteBuffer read = ByteBuffer.allocate(1);
        assertThat(file.readAt(PAGE + 5, read)).isEqualTo(1);
        assertThat(read.get(0)).isEqualTo((byte) 'x');
        assertThat(file.writeAt(PAGE + 6, ByteBuffer.wrap(new byte[] {'y'}))).isEqualTo(1);
        long physAddr = machine.access(space, virtAddr + PAGE + 6, AccessType.LOAD);
        assertThat(machine.memory.read8(physAddr)).isEqualTo('y');
    }

    @Test
    void punchedHoles_readAsZerosThroughTheMapping() {
        AddressSpace space = machine.process();
        long virtAddr = map(space, MAP_SHARED);
        assertThat(machine.store(space, virtAddr + PAGE, 9)).isZero();
        assertThat(file.allocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, PAGE))
                .isZero();
        assertThat(file.inode().storedBytes()).isZero();
        long physAddr = machine.access(space, virtAddr + PAGE, AccessType.LOAD);
        assertThat(machine.memory.read8(physAddr)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {MAP_SHARED, MAP_PRIVATE})
    void mapping_keepsAFileWithoutNameOrDescriptor(int flags) {
        AddressSpace space = machine.process();
        long virtAddr = map(space, flags);
        assertThat(machine.store(space, virtAddr, 3)).isZero();
        assertThat(vfs.names().unlink(path)).isZero();
        file.release();
        assertThat(machine.memory.read8(machine.access(space, virtAddr, AccessType.LOAD)))
                .isEqualTo(3);
        assertThat(machine.access(space, virtAddr + PAGE, AccessType.LOAD)).isPositive();
        space.release();
        assertThat(machine.frames.freeFrames()).isEqualTo(freeAtFirst);
    }

    private long map(AddressSpace space, int flags) {
        PageSource pages = (PageSource) file.mapSource().value();
        return TestMachine.mapFile(space, pages, flags, TestMachine.RW, 4);
    }
}
