package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.EROFS;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;

import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.tmp.TmpFileSystemType;

class MountTableTest {
    private static final MountOrder READ_ONLY = new MountOrder(MountOptions.READ_ONLY, "");

    private final TestFiles files = new TestFiles();
    private final MountTable mounts = files.vfs.mounts();

    @Test
    void mount_hidesWhatIsBelowUntilUnmounted() {
        files.write("/mnt/below", "x");
        assertThat(mount("/mnt", MountOrder.PLAIN).isError()).isFalse();
        assertThat(files.findError("/mnt/below")).isEqualTo(-ENOENT);
        assertThat(files.find("/mnt/..").path()).isEqualTo("/");
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isZero();
        assertThat(files.read("/mnt/below")).isEqualTo("x");
    }

    @Test
    void mount_stacks() {
        assertThat(mount("/mnt", MountOrder.PLAIN).isError()).isFalse();
        files.write("/mnt/first", "");
        assertThat(mount("/mnt", MountOrder.PLAIN).isError()).isFalse();
        assertThat(files.findError("/mnt/first")).isEqualTo(-ENOENT);
        assertThat(files.find("/mnt/..").path()).isEqualTo("/");
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isZero();
        assertThat(files.findError("/mnt/first")).isZero();
    }

    @Test
    void mount_saysWhyNot() {
        Location place = files.find("/mnt");
        Outcome<Mount> unknown = mounts.mount(files.context, "nosuchfs", "none", place, MountOrder.PLAIN);
        assertThat(unknown.error()).isEqualTo(-ENODEV);
        assertThat(mount("/dev/null", MountOrder.PLAIN).error()).isEqualTo(-ENOTDIR);
        assertThat(mount("/mnt", new MountOrder(MountOptions.DEFAULT, "size=x")).error())
                .isEqualTo(-EINVAL);
        assertThat(mount("/mnt", new MountOrder(MountOptions.DEFAULT, "what=1")).error())
                .isEqualTo(-EINVAL);
        Outcome<Mount> asUser = mounts.mount(files.user(), "tmpfs", "none", place, MountOrder.PLAIN);
        assertThat(asUser.error()).isEqualTo(-EPERM);
    }

    @Test
    void mount_takesTheOptionsOfTmpfs() {
        assertThat(mount("/mnt", new MountOrder(MountOptions.DEFAULT, "size=8k,mode=700"))
                        .isError())
                .isFalse();
        FileSystemStatus status = files.find("/mnt").mount().fileSystem().status();
        assertThat(status.blocks()).isEqualTo(2);
        assertThat(files.find("/mnt").inode().permissions()).isEqualTo(0700);
    }

    @Test
    void unmount_waitsUntilNobodyIsThere() {
        assertThat(mount("/mnt", MountOrder.PLAIN).isError()).isFalse();
        assertThat(files.vfs.attributes().changeDirectory(files.context, files.find("/mnt")))
                .isZero();
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isEqualTo(-EBUSY);
        assertThat(files.vfs.attributes().changeDirectory(files.context, files.find("/")))
                .isZero();
        OpenFile file = files.open("/mnt/file", O_CREAT | O_RDWR);
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isEqualTo(-EBUSY);
        file.release();
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isZero();
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isEqualTo(-EINVAL);
        assertThat(mounts.unmount(files.context, files.find("/dev"))).isEqualTo(-EBUSY);
    }

    @Test
    void unmount_freesWhatTheFileSystemHeld() {
        long free = files.frames.freeFrames();
        assertThat(mount("/mnt", MountOrder.PLAIN).isError()).isFalse();
        files.makeDirectory("/mnt/d");
        files.write("/mnt/d/file", "content");
        assertThat(files.frames.freeFrames()).isEqualTo(free - 1);
        assertThat(mounts.unmount(files.context, files.find("/mnt"))).isZero();
        assertThat(files.frames.freeFrames()).isEqualTo(free);
    }

    @Test
    void readOnlyMount_refusesEveryChange() {
        assertThat(mount("/mnt", READ_ONLY).isError()).isFalse();
        assertThat(files.openError("/mnt/new", O_CREAT | O_RDWR)).isEqualTo(-EROFS);
        assertThat(files.vfs.names().makeDirectory(files.path("/mnt/d"), 0755)).isEqualTo(-EROFS);
        assertThat(files.vfs.names().unlink(files.path("/mnt/x"))).isEqualTo(-EROFS);
        assertThat(files.vfs.attributes().changePermissions(files.context, files.find("/mnt"), 0))
                .isEqualTo(-EROFS);
        assertThat(files.openError("/mnt", O_RDONLY)).isZero();
    }

    @Test
    void register_refusesTwoTypesOfOneName() {
        assertThatThrownBy(() -> mounts.register(new TmpFileSystemType(files.frames, files.hugeMemory)))
                .hasMessageContaining("tmpfs");
        assertThat(mounts.typeNames()).containsExactly("hugetlbfs", "tmpfs");
    }

    private Outcome<Mount> mount(String at, MountOrder order) {
        return mounts.mount(files.context, "tmpfs", "none", files.find(at), order);
    }
}
