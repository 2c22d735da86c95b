package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.ENOTEMPTY;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.EXDEV;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDWR;

import org.junit.jupiter.api.Test;
import sharewalk.abi.FileMode;

class NameOperationsTest {
    private final TestFiles files = new TestFiles();
    private final NameOperations names = files.vfs.names();

    @Test
    void makeDirectory_countsLinksAboveAndBelow() {
        files.makeDirectory("/tmp/d");
        files.makeDirectory("/tmp/d/e");
        assertThat(files.find("/tmp/d").inode().links()).isEqualTo(3);
        assertThat(files.find("/tmp/d/e").inode().links()).isEqualTo(2);
        assertThat(names.removeDirectory(files.path("/tmp/d/e"))).isZero();
        assertThat(files.find("/tmp/d").inode().links()).isEqualTo(2);
    }

    @Test
    void makeDirectory_refusesWhatIsThere() {
        assertThat(mkdir("/")).isEqualTo(-EEXIST);
        assertThat(mkdir("/tmp")).isEqualTo(-EEXIST);
        assertThat(mkdir("/tmp/.")).isEqualTo(-EEXIST);
        assertThat(mkdir("/nothing/x")).isEqualTo(-ENOENT);
        assertThat(mkdir("")).isEqualTo(-ENOENT);
        assertThat(mkdir("/" + "n".repeat(256))).isEqualTo(-ENAMETOOLONG);
        assertThat(mkdir("/tmp/slashes///")).isZero();
    }

    @Test
    void makeNode_makesRegularFilesOnly() {
        assertThat(names.makeNode(files.path("/tmp/r"), 0600)).isZero();
        assertThat(files.find("/tmp/r").inode().type()).isEqualTo(FileMode.S_IFREG);
        assertThat(names.makeNode(files.path("/tmp/d"), FileMode.S_IFDIR)).isEqualTo(-EPERM);
        assertThat(names.makeNode(files.path("/tmp/p"), FileMode.S_IFIFO)).isEqualTo(-EINVAL);
        assertThat(names.makeNode(files.path("/tmp/t/"), 0600)).isEqualTo(-ENOENT);
    }

    @Test
    void makeSymbolicLink_limitsItsText() {
        assertThat(names.makeSymbolicLink("", files.path("/tmp/l"))).isEqualTo(-ENOENT);
        assertThat(names.makeSymbolicLink("x".repeat(4096), files.path("/tmp/l")))
                .isEqualTo(-ENAMETOOLONG);
        assertThat(names.makeSymbolicLink("x".repeat(4095), files.path("/tmp/l")))
                .isZero();
        assertThat(names.makeSymbolicLink("x", files.path("/tmp/l"))).isEqualTo(-EEXIST);
        assertThat(files.vfs.attributes().readLink(files.path("/tmp/l")).value())
                .hasSize(4095);
        assertThat(files.vfs.attributes().readLink(files.path("/tmp")).error()).isEqualTo(-EINVAL);
    }

    @Test
    void link_sharesTheInode() {
        files.write("/tmp/a", "content");
        assertThat(names.link(files.find("/tmp/a"), files.path("/tmp/b"))).isZero();
        assertThat(files.find("/tmp/b").inode()).isSameAs(files.find("/tmp/a").inode());
        assertThat(files.find("/tmp/b").inode().links()).isEqualTo(2);
        assertThat(names.unlink(files.path("/tmp/a"))).isZero();
        assertThat(files.read("/tmp/b")).isEqualTo("content");
    }

    @Test
    void link_refusesDirectoriesAndOtherMounts() {
        files.write("/tmp/a", "");
        assertThat(names.link(files.find("/tmp/a"), files.path("/dev/b"))).isEqualTo(-EXDEV);
        assertThat(names.link(files.find("/tmp/a"), files.path("/tmp/a"))).isEqualTo(-EEXIST);
        files.makeDirectory("/tmp/d");
        assertThat(names.link(files.find("/tmp/d"), files.path("/tmp/e"))).isEqualTo(-EPERM);
    }

    @Test
    void link_doesNotBringBackWhatWasUnlinked() {
        OpenFile file = files.open("/tmp/a", O_CREAT | O_RDWR);
        assertThat(names.unlink(files.path("/tmp/a"))).isZero();
        assertThat(names.link(file.location(), files.path("/tmp/b"))).isEqualTo(-ENOENT);
    }

    @Test
    void unlink_saysWhyNot() {
        files.write("/tmp/file", "");
        assertThat(unlink("/tmp")).isEqualTo(-EISDIR);
        files.makeDirectory("/tmp/d");
        assertThat(unlink("/tmp/d")).isEqualTo(-EISDIR);
        assertThat(unlink("/tmp/d/.")).isEqualTo(-EISDIR);
        assertThat(unlink("/")).isEqualTo(-EISDIR);
        assertThat(unlink("/tmp/nothing")).isEqualTo(-ENOENT);
        assertThat(unlink("/tmp/file/")).isEqualTo(-ENOTDIR);
        assertThat(unlink("/tmp/file/x")).isEqualTo(-ENOTDIR);
        assertThat(unlink("/tmp/" + "n".repeat(256))).isEqualTo(-ENAMETOOLONG);
        assertThat(unlink("/tmp/file")).isZero();
    }

    @Test
    void unlink_keepsTheFileWhileItIsOpen() {
        long free = files.frames.freeFrames();
        files.write("/tmp/file", "content");
        OpenFile file = files.open("/tmp/file", 0);
        assertThat(unlink("/tmp/file")).isZero();
        assertThat(files.findError("/tmp/file")).isEqualTo(-ENOENT);
        assertThat(file.path()).isEqualTo("/tmp/file (deleted)");
        assertThat(TestFiles.read(file, 100)).isEqualTo("content");
        assertThat(files.frames.freeFrames()).isEqualTo(free - 1);
        file.release();
        assertThat(files.frames.freeFrames()).isEqualTo(free);
    }

    @Test
    void unlink_honoursTheStickyBit() {
        files.write("/tmp/roots", "");
        PathName asUser = PathName.of(files.user(), "/tmp/roots");
        assertThat(names.unlink(asUser)).isEqualTo(-EPERM);
        PathName inRoot = PathName.of(files.user(), "/etc/passwd");
        files.write("/etc/passwd", "");
        assertThat(names.unlink(inRoot)).isEqualTo(-EACCES);
    }

    @Test
    void removeDirectory_saysWhyNot() {
        files.makeDirectory("/tmp/d");
        files.write("/tmp/d/file", "");
        assertThat(rmdir("/tmp/d")).isEqualTo(-ENOTEMPTY);
        assertThat(rmdir("/tmp/d/file")).isEqualTo(-ENOTDIR);
        assertThat(rmdir("/tmp/d/.")).isEqualTo(-EINVAL);
        assertThat(rmdir("/tmp/d/..")).isEqualTo(-ENOTEMPTY);
        assertThat(rmdir("/")).isEqualTo(-EBUSY);
        assertThat(rmdir("/dev/shm")).isEqualTo(-EBUSY);
        assertThat(rmdir("/tmp/nothing")).isEqualTo(-ENOENT);
    }

    private long mkdir(String path) {
        return names.makeDirectory(files.path(path), 0755);
    }

    private long unlink(String path) {
        return names.unlink(files.path(path));
    }

    private long rmdir(String path) {
        return names.removeDirectory(files.path(path));
    }
}
