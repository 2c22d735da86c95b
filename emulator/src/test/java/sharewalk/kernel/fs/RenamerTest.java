package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.ENOTEMPTY;
import static sharewalk.abi.Errno.EXDEV;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenamerTest {
    private final TestFiles files = new TestFiles();

    @BeforeEach
    void makeTree() {
        files.write("/tmp/a", "content of a");
        files.write("/tmp/b", "content of b");
        files.makeDirectory("/tmp/d");
        files.makeDirectory("/tmp/e");
    }

    @Test
    void rename_replacesAFileAndFreesItsPages() {
        long free = files.frames.freeFrames();
        assertThat(rename("/tmp/a", "/tmp/b")).isZero();
        assertThat(files.read("/tmp/b")).isEqualTo("content of a");
        assertThat(files.findError("/tmp/a")).isEqualTo(-ENOENT);
        assertThat(files.frames.freeFrames()).isEqualTo(free + 1);
    }

    @Test
    void rename_movesADirectoryAndItsParent() {
        files.write("/tmp/d/inner", "x");
        assertThat(rename("/tmp/d", "/tmp/e")).isZero();
        assertThat(files.read("/tmp/e/inner")).isEqualTo("x");
        assertThat(files.find("/tmp/e/..").inode()).isSameAs(files.find("/tmp").inode());
        assertThat(rename("/tmp/e", "/tmp/f")).isZero();
        files.makeDirectory("/tmp/g");
        assertThat(rename("/tmp/f", "/tmp/g/h")).isZero();
        assertThat(files.find("/tmp/g/h/..").inode())
                .isSameAs(files.find("/tmp/g").inode());
        assertThat(files.find("/tmp/g").inode().links()).isEqualTo(3);
        assertThat(files.find("/tmp").inode().links()).isEqualTo(3);
    }

    @Test
    void rename_keepsKindsApart() {
        assertThat(rename("/tmp/a", "/tmp/d")).isEqualTo(-EISDIR);
        assertThat(rename("/tmp/d", "/tmp/a")).isEqualTo(-ENOTDIR);
        assertThat(rename("/tmp/a", "/tmp/new/")).isEqualTo(-ENOTDIR);
        assertThat(rename("/tmp/d", "/tmp/new/")).isZero();
    }

    @Test
    void rename_doesNotReplaceAFullDirectory() {
        files.write("/tmp/e/inner", "");
        assertThat(rename("/tmp/d", "/tmp/e")).isEqualTo(-ENOTEMPTY);
    }

    @Test
    void rename_doesNotMoveADirectoryIntoItself() {
        files.makeDirectory("/tmp/d/sub");
        assertThat(rename("/tmp/d", "/tmp/d/sub/x")).isEqualTo(-EINVAL);
        assertThat(rename("/tmp/d", "/tmp/d/x")).isEqualTo(-EINVAL);
        assertThat(rename("/tmp/d/sub", "/tmp/d")).isEqualTo(-ENOTEMPTY);
    }

    @Test
    void rename_ofTwoNamesOfOneFileDoesNothing() {
        assertThat(files.vfs.names().link(files.find("/tmp/a"), files.path("/tmp/a2")))
                .isZero();
        assertThat(rename("/tmp/a", "/tmp/a2")).isZero();
        assertThat(files.findError("/tmp/a")).isZero();
        assertThat(rename("/tmp/d", "/tmp/d")).isZero();
    }

    @Test
    void rename_refusesToReplaceWhenTold() {
        int noReplace = Renamer.RENAME_NOREPLACE;
        assertThat(files.vfs.renamer().rename(files.path("/tmp/a"), files.path("/tmp/b"), noReplace))
                .isEqualTo(-EEXIST);
        assertThat(files.vfs.renamer().rename(files.path("/tmp/a"), files.path("/tmp/c"), noReplace))
                .isZero();
        assertThat(files.vfs.renamer().rename(files.path("/tmp/c"), files.path("/tmp/d"), 2))
                .isEqualTo(-EINVAL);
    }

    @Test
    void rename_saysWhyNot() {
        assertThat(rename("/tmp/nothing", "/tmp/x")).isEqualTo(-ENOENT);
        assertThat(rename("/tmp/a", "/nothing/x")).isEqualTo(-ENOENT);
        assertThat(rename("/tmp/a", "/x")).isEqualTo(-EXDEV);
        assertThat(rename("/tmp/d/.", "/tmp/x")).isEqualTo(-EBUSY);
        assertThat(rename("/dev/shm", "/dev/x")).isEqualTo(-EBUSY);
    }

    private long rename(String from, String to) {
        return files.vfs.renamer().rename(files.path(from), files.path(to), 0);
    }
}
