package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ELOOP;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENFILE;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.OpenFlags.O_APPEND;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_DIRECTORY;
import static sharewalk.abi.OpenFlags.O_EXCL;
import static sharewalk.abi.OpenFlags.O_LARGEFILE;
import static sharewalk.abi.OpenFlags.O_NOFOLLOW;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;
import static sharewalk.abi.OpenFlags.O_PATH;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_TMPFILE;
import static sharewalk.abi.OpenFlags.O_TRUNC;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OpenerTest {
    private final TestFiles files = new TestFiles();

    @Test
    void open_createsWithThePermissionsTheUmaskLeaves() {
        Outcome<OpenFile> file = files.vfs.opener().open(files.path("/tmp/new"), O_CREAT | O_RDWR, 0666);
        assertThat(file.value().inode().permissions()).isEqualTo(0644);
        assertThat(file.value().flags()).isEqualTo(O_RDWR | O_LARGEFILE);
    }

    @Test
    void open_excludesWhatIsThere() {
        files.write("/tmp/there", "x");
        files.makeLink("nowhere", "/tmp/dangling");
        assertThat(files.openError("/tmp/there", O_CREAT | O_EXCL)).isEqualTo(-EEXIST);
        assertThat(files.openError("/tmp/dangling", O_CREAT | O_EXCL)).isEqualTo(-EEXIST);
        assertThat(files.openError("/tmp/there", O_CREAT)).isZero();
    }

    @Test
    void open_createsThroughADanglingLink() {
        files.makeLink("target", "/tmp/dangling");
        files.write("/tmp/dangling", "made");
        assertThat(files.read("/tmp/target")).isEqualTo("made");
    }

    @Test
    void open_doesNotFollowWhenTold() {
        files.makeLink("/tmp", "/link");
        assertThat(files.openError("/link", O_NOFOLLOW)).isEqualTo(-ELOOP);
        assertThat(files.openError("/link", O_NOFOLLOW | O_CREAT)).isEqualTo(-ELOOP);
        assertThat(files.openError("/link", O_NOFOLLOW | O_DIRECTORY)).isEqualTo(-ENOTDIR);
        assertThat(files.openError("/link", O_DIRECTORY)).isZero();
        assertThat(files.open("/link", O_PATH | O_NOFOLLOW).inode()).isInstanceOf(SymbolicLink.class);
    }

    @Test
    void open_treatsDirectoriesAsSuch() {
        files.write("/tmp/file", "");
        assertThat(files.openError("/tmp", O_WRONLY)).isEqualTo(-EISDIR);
        assertThat(files.openError("/tmp", O_CREAT)).isEqualTo(-EISDIR);
        assertThat(files.openError("/tmp/new/", O_CREAT)).isEqualTo(-EISDIR);
        assertThat(files.openError("/", O_CREAT)).isEqualTo(-EISDIR);
        assertThat(files.openError("/tmp", O_TRUNC)).isEqualTo(-EISDIR);
        assertThat(files.openError("/tmp/file", O_DIRECTORY)).isEqualTo(-ENOTDIR);
        assertThat(files.openError("/tmp/x", O_DIRECTORY | O_CREAT)).isEqualTo(-EINVAL);
    }

    @Test
    void open_namesWhatIsMissing() {
        assertThat(files.openError("/tmp/nothing", O_RDONLY)).isEqualTo(-ENOENT);
        assertThat(files.openError("/nothing/new", O_CREAT)).isEqualTo(-ENOENT);
        assertThat(files.openError("", O_CREAT)).isEqualTo(-ENOENT);
        assertThat(files.openError("/tmp/" + "n".repeat(256), O_CREAT)).isEqualTo(-ENAMETOOLONG);
    }

    @Test
    void open_truncates() {
        files.write("/tmp/file", "content");
        files.open("/tmp/file", O_WRONLY | O_TRUNC).release();
        assertThat(files.find("/tmp/file").inode().sizeBytes()).isZero();
    }

    @Test
    void open_appendsWhereverThePositionIs() {
        files.write("/tmp/file", "one");
        OpenFile file = files.open("/tmp/file", O_WRONLY | O_APPEND);
        assertThat(file.seek(0, 0)).isZero();
        assertThat(file.write(TestFiles.bytes("two"))).isEqualTo(3);
        assertThat(file.writeAt(0, TestFiles.bytes("three"))).isEqualTo(5);
        assertThat(files.read("/tmp/file")).isEqualTo("onetwothree");
        assertThat(file.position()).isEqualTo(6);
    }

    @Test
    void open_refusesUsersWithoutTheRight() {
        files.write("/tmp/secret", "x");
        assertThat(files.find("/tmp/secret").inode().changePermissions(0600)).isZero();
        PathName asUser = PathName.of(files.user(), "/tmp/secret");
        assertThat(files.vfs.opener().open(asUser, O_RDONLY, 0).error()).isEqualTo(-EACCES);
        PathName inRoot = PathName.of(files.user(), "/new");
        assertThat(files.vfs.opener().open(inRoot, O_CREAT, 0600).error()).isEqualTo(-EACCES);
        PathName inTmp = PathName.of(files.user(), "/tmp/mine");
        assertThat(files.vfs.opener().open(inTmp, O_CREAT, 0).value().inode().uid())
                .isEqualTo(1000);
    }

    @Test
    void openPathOnly_allowsNothingButTheName() {
        files.write("/tmp/file", "content");
        OpenFile file = files.open("/tmp/file", O_PATH | O_RDWR | O_CLOEXEC);
        assertThat(file.flags()).isEqualTo(O_PATH);
        assertThat(file.read(ByteBuffer.allocate(1))).isEqualTo(-EBADF);
        assertThat(file.write(TestFiles.bytes("x"))).isEqualTo(-EBADF);
        assertThat(file.seek(0, 0)).isEqualTo(-EBADF);
        assertThat(file.truncate(0)).isEqualTo(-EBADF);
        assertThat(file.mapSource().error()).isEqualTo(-EBADF);
        assertThat(file.inode().status().sizeBytes()).isEqualTo(7);
    }

    @Test
    void openUnnamed_leavesNoNameUntilLinked() {
        OpenFile file = files.open("/tmp", O_TMPFILE | O_RDWR);
        assertThat(file.write(TestFiles.bytes("hidden"))).isEqualTo(6);
        assertThat(files.list("/tmp", 4096)).containsExactly(".", "..");
        assertThat(file.inode().links()).isZero();
        assertThat(files.vfs.names().link(file.location(), files.path("/tmp/shown")))
                .isZero();
        assertThat(files.read("/tmp/shown")).isEqualTo("hidden");
    }

    @Test
    void openUnnamed_wantsWriteAccessAndADirectory() {
        files.write("/tmp/file", "");
        assertThat(files.openError("/tmp", O_TMPFILE | O_RDONLY)).isEqualTo(-EINVAL);
        assertThat(files.openError("/tmp", O_TMPFILE | O_RDWR | O_CREAT)).isEqualTo(-EINVAL);
        assertThat(files.openError("/tmp/file", O_TMPFILE | O_RDWR)).isEqualTo(-ENOTDIR);
    }

    @Test
    void accessMode_isCheckedOnEveryUse() {
        files.write("/tmp/file", "content");
        assertThat(files.open("/tmp/file", O_WRONLY).read(ByteBuffer.allocate(1)))
                .isEqualTo(-EBADF);
        assertThat(files.open("/tmp/file", O_RDONLY).write(TestFiles.bytes("x")))
                .isEqualTo(-EBADF);
        assertThat(files.open("/tmp/file", O_RDONLY).truncate(0)).isEqualTo(-EINVAL);
        assertThat(files.open("/tmp/file", O_RDONLY).readAt(-1, ByteBuffer.allocate(1)))
                .isEqualTo(-EINVAL);
        assertThat(files.open("/tmp", O_RDONLY).read(ByteBuffer.allocate(1))).isEqualTo(-EISDIR);
        assertThat(files.open("/tmp/file", O_RDONLY).readDirectory(ByteBuffer.allocate(100)))
                .isEqualTo(-ENOTDIR);
    }

    @Test
    void changeFlags_changesOnlyWhatMayChange() {
        files.write("/tmp/file", "");
        OpenFile file = files.open("/tmp/file", O_RDONLY);
        file.changeFlags(O_RDWR | O_NONBLOCK | O_APPEND | O_TRUNC);
        assertThat(file.flags()).isEqualTo(O_RDONLY | O_LARGEFILE | O_NONBLOCK | O_APPEND);
    }

    @Test
    void open_stopsAtTheMachinesLimit() {
        files.write("/tmp/file", "");
        long already = files.vfs.openFiles().count();
        for (long count = already; count < files.vfs.openFiles().limit(); count++) {
            OpenFile _ = files.open("/tmp/file", O_RDONLY);
        }
        assertThat(files.openError("/tmp/file", O_RDONLY)).isEqualTo(-ENFILE);
    }
}
