package sharewalk.kernel.share.msharefs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.ESPIPE;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_DIRECTORY;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_TMPFILE;
import static sharewalk.abi.OpenFlags.O_TRUNC;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.kernel.share.Designs;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.kernel.share.ScriptedTask;
import sharewalk.mmu.paging.PagingMode;

/// The rules of msharefs v3 about files and descriptors.
class RegionFileTest {
    private static final int CREATE_MAPPING = 0x4028_7800;
    private static final int UNMAP = 0x4010_7801;
    private static final long SLOT = 1L << 39;
    private static final long ARGUMENT = 64;

    private final TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    private final Vfs vfs = new Vfs(() -> 0, 100);
    private final ScriptedTask task = new ScriptedTask(vfs, machine.process());
    private ByteBuffer argument = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);

    private final InstalledDesign design = Designs.install(new MsharefsDesign(), machine.context, task);

    private final CallerMemory caller = new CallerMemory() {
        @Override
        public long copyIn(long virtAddr, byte[] into) {
            System.arraycopy(argument.array(), 0, into, 0, into.length);
            return virtAddr == ARGUMENT ? 0 : -EFAULT;
        }

        @Override
        public long copyOut(long virtAddr, byte[] from) {
            return -EFAULT;
        }
    };

    private FsContext context() {
        return vfs.rootContext();
    }

    @BeforeEach
    void mount() {
        InstalledDesign.Mountable mountable = design.fileSystems().getFirst();
        assertThat(mountable.directory()).isEqualTo("/sys/fs/mshare");
        var made = mountable.type().create(vfs.mounts().newContext(), "");
        assertThat(vfs.mounts()
                        .attach(made.value(), "msharefs", null, MountOptions.DEFAULT)
                        .isError())
                .isFalse();
    }

    private Outcome<OpenFile> tryOpen(String path, int flags) {
        return vfs.opener().open(PathName.of(context(), path), flags, 0600);
    }

    private OpenFile open(String path, int flags) {
        return tryOpen(path, flags).value();
    }

    private PathName path(String text) {
        return PathName.of(context(), text);
    }

    private long create(OpenFile file, long offset, long sizeBytes, int flags, int descriptor) {
        argument = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        argument.putLong(offset)
                .putLong(sizeBytes)
                .putLong(0)
                .putInt(RW)
                .putInt(flags)
                .putInt(descriptor);
        return file.ioctl(CREATE_MAPPING, ARGUMENT, caller);
    }

    private long createAnonymous(OpenFile file, long sizeBytes) {
        return create(file, 0, sizeBytes, MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS, -1);
    }

    private long map(AddressSpace space, OpenFile file, long virtAddr) {
        FileToMap toMap = new FileToMap(
                file.canRead(), file.canWrite(), true, file.mapSource().value());
        return space.map(new MapRequest(virtAddr, file.inode().sizeBytes(), RW, MAP_SHARED | MAP_FIXED, toMap, 0));
    }

    @Test
    void info_tellsTheAlignment_andCannotBeMoved() {
        OpenFile info = open("/mshare_info", O_RDONLY);
        ByteBuffer text = ByteBuffer.allocate(64);
        assertThat(info.read(text)).isEqualTo(13);
        assertThat(new String(text.array(), 0, 13, StandardCharsets.US_ASCII)).isEqualTo("549755813888\n");
        assertThat(info.read(ByteBuffer.allocate(8))).isZero();
        assertThat(info.seek(0, 0)).isEqualTo(13);
        assertThat(info.inode().number()).isEqualTo(2);
        assertThat(info.inode().permissions()).isEqualTo(0444);
        assertThat(vfs.names().unlink(path("/mshare_info"))).isEqualTo(-EPERM);
        assertThat(vfs.renamer().rename(path("/mshare_info"), path("/x"), 0)).isEqualTo(-EPERM);
        OpenFile region = open("/region", O_RDWR | O_CREAT);
        assertThat(vfs.renamer().rename(path("/region"), path("/mshare_info"), 0))
                .isEqualTo(-EPERM);
        region.release();
    }

    @Test
    void directories_separateRegions_otherNodesAreRefused() {
        assertThat(vfs.names().makeDirectory(path("/d"), 0700)).isZero();
        OpenFile region = open("/d/r", O_RDWR | O_CREAT);
        assertThat(region.mapSource().value().name()).isEqualTo("/sys/fs/mshare/d/r");
        assertThat(vfs.names().removeDirectory(path("/d"))).isNegative();
        assertThat(vfs.renamer().rename(path("/d/r"), path("/moved"), 0)).isZero();
        assertThat(vfs.names().removeDirectory(path("/d"))).isZero();
        assertThat(tryOpen("/moved", O_RDWR).isError()).isFalse();
        assertThat(vfs.names().makeSymbolicLink("x", path("/link"))).isEqualTo(-EPERM);
        assertThat(tryOpen("/", O_TMPFILE | O_DIRECTORY | O_RDWR).error()).isEqualTo(-EOPNOTSUPP);
    }

    @Test
    void size_isSetByTruncateOrAllocate_once() {
        OpenFile first = open("/a", O_RDWR | O_CREAT);
        assertThat(first.truncate(PAGE)).isEqualTo(-EINVAL);
        assertThat(first.truncate(SLOT)).isZero();
        assertThat(first.inode().status().sizeBytes()).isEqualTo(SLOT);
        assertThat(first.truncate(SLOT)).isEqualTo(-EINVAL);
        assertThat(tryOpen("/a", O_RDWR | O_TRUNC).error()).isEqualTo(-EINVAL);
        OpenFile second = open("/b", O_RDWR | O_CREAT);
        assertThat(second.allocate(1, 0, SLOT)).isEqualTo(-EOPNOTSUPP);
        assertThat(second.allocate(0, PAGE, SLOT)).isEqualTo(-EINVAL);
        assertThat(second.allocate(0, 0, PAGE)).isEqualTo(-EINVAL);
        assertThat(second.allocate(0, 0, 2 * SLOT)).isZero();
        OpenFile third = open("/c", O_RDWR | O_CREAT);
        assertThat(third.inode().sizeBytes()).isZero();
        assertThat(open("/c", O_RDWR | O_TRUNC).truncate(SLOT)).isEqualTo(-EINVAL);
    }

    @Test
    void controlFile_isNeitherReadNorWritten() {
        OpenFile file = open("/a", O_RDWR | O_CREAT);
        assertThat(file.read(ByteBuffer.allocate(8))).isEqualTo(-EINVAL);
        assertThat(file.write(ByteBuffer.allocate(8))).isEqualTo(-EINVAL);
        assertThat(file.seek(0, 0)).isEqualTo(-ESPIPE);
    }

    @Test
    void ioctls_checkInOrder_whateverTheFileWasOpenedFor() {
        OpenFile file = open("/a", O_RDWR | O_CREAT);
        assertThat(file.ioctl(12345, 0, caller)).isEqualTo(-EINVAL);
        assertThat(file.ioctl(CREATE_MAPPING, 0, caller)).isEqualTo(-EINVAL);
        assertThat(file.truncate(SLOT)).isZero();
        assertThat(file.ioctl(12345, 0, caller)).isEqualTo(-ENOTTY);
        assertThat(file.ioctl(CREATE_MAPPING, 0, caller)).isEqualTo(-EFAULT);
        assertThat(file.ioctl(UNMAP, 0, caller)).isEqualTo(-EFAULT);
        OpenFile readOnly = open("/a", O_RDONLY);
        assertThat(createAnonymous(readOnly, PAGE)).isZero();
        assertThat(create(file, 0, PAGE, MAP_SHARED | MAP_FIXED, 7)).isEqualTo(-EBADF);
        file.retain();
        assertThat(task.files().add(file, false, 7)).isEqualTo(7);
        assertThat(create(file, 0, PAGE, MAP_SHARED | MAP_FIXED, 7)).isEqualTo(-EINVAL);
        argument = ByteBuffer.allocate(40)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0)
                .putLong(PAGE);
        assertThat(readOnly.ioctl(UNMAP, ARGUMENT, caller)).isZero();
    }

    @Test
    void regionLives_whileAFileOrWindowRefersToIt() {
        long before = machine.frames.usedFrames();
        OpenFile file = open("/a", O_RDWR | O_CREAT);
        assertThat(file.truncate(SLOT)).isZero();
        assertThat(createAnonymous(file, PAGE)).isZero();
        AddressSpace space = machine.process();
        assertThat(map(space, file, SLOT)).isEqualTo(SLOT);
        assertThat(machine.store(space, SLOT, 3)).isZero();
        assertThat(vfs.names().unlink(path("/a"))).isZero();
        file.release();
        assertThat(tryOpen("/a", O_RDWR).error()).isEqualTo(-ENOENT);
        assertThat(machine.load(space, SLOT)).isEqualTo(3);
        assertThat(space.unmap(SLOT, SLOT)).isZero();
        space.release();
        machine.requireRedeemed();
        assertThat(machine.frames.usedFrames()).isEqualTo(before);
    }

    @Test
    void ownership_endsWithTheCreatingTask_andIsNotInherited() {
        task.become(5);
        OpenFile file = open("/a", O_RDWR | O_CREAT);
        task.become(6);
        assertThat(file.truncate(SLOT)).isZero();
        assertThat(createAnonymous(file, PAGE)).isZero();
        AddressSpace space = machine.process();
        assertThat(map(space, file, SLOT)).isEqualTo(SLOT);
        assertThat(machine.store(space, SLOT, 3)).isZero();
        design.taskExited(6);
        assertThat(machine.load(space, SLOT)).isEqualTo(3);
        design.taskExited(5);
        assertThat(machine.load(space, SLOT)).isEqualTo(-SIGSEGV);
        assertThat(map(machine.process(), file, SLOT)).isEqualTo(-EINVAL);
    }

    @Test
    void designs_areListed_theBaselineFirst() {
        assertThat(Designs.all())
                .extracting(known -> known.name())
                .startsWith("private")
                .contains("msharefs");
        assertThat(Designs.named("msharefs").orElseThrow().remark(PagingMode.SV39))
                .contains("our port");
        assertThat(Designs.named("msharefs").orElseThrow().remark(PagingMode.X86_64_4LEVEL))
                .isEmpty();
        assertThat(Designs.named("nonsense")).isEmpty();
    }
}
