package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.AtFlags.AT_FDCWD;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EMFILE;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileTableTest {
    private final TestFiles files = new TestFiles();
    private final FileTable table = new FileTable();
    private int fd;

    @BeforeEach
    void openOne() {
        fd = table.add(files.open("/tmp/file", O_CREAT | O_RDWR), false);
    }

    @Test
    void add_takesTheLowestFreeDescriptor() {
        assertThat(fd).isZero();
        assertThat(table.add(files.open("/tmp/file", O_RDONLY), false)).isEqualTo(1);
        assertThat(table.close(0)).isZero();
        assertThat(table.add(files.open("/tmp/file", O_RDONLY), false)).isZero();
    }

    @Test
    void add_stopsAtTheLimitAndLetsTheFileGo() {
        long before = files.vfs.openFiles().count();
        table.limitTo(2);
        assertThat(table.duplicate(fd, false, 0)).isEqualTo(1);
        assertThat(table.add(files.open("/tmp/file", O_RDONLY), false)).isEqualTo(-EMFILE);
        assertThat(files.vfs.openFiles().count()).isEqualTo(before);
        assertThat(table.duplicate(fd, false, 2)).isEqualTo(-EINVAL);
    }

    @Test
    void add_givesOutEveryDescriptorOfTheDefaultLimit() {
        for (int next = 1; next < FileTable.DEFAULT_LIMIT; next++) {
            assertThat(table.duplicate(fd, false, 0)).isEqualTo(next);
        }
        assertThat(table.duplicate(fd, false, 0)).isEqualTo(-EMFILE);
    }

    @Test
    void duplicate_sharesThePosition() {
        OpenFile file = table.get(fd);
        assertThat(file).isNotNull();
        int copy = table.duplicate(fd, true, 10);
        assertThat(copy).isEqualTo(10);
        assertThat(table.get(copy)).isSameAs(file);
        assertThat(table.closesOnExec(copy)).isTrue();
        assertThat(table.closesOnExec(fd)).isFalse();
        assertThat(table.duplicate(99, false, 0)).isEqualTo(-EBADF);
    }

    @Test
    void duplicateTo_closesWhatWasThere() {
        long before = files.vfs.openFiles().count();
        int other = table.add(files.open("/tmp/other", O_CREAT | O_RDWR), true);
        assertThat(table.duplicateTo(fd, other, false)).isEqualTo(other);
        assertThat(table.get(other)).isSameAs(table.get(fd));
        assertThat(table.closesOnExec(other)).isFalse();
        assertThat(files.vfs.openFiles().count()).isEqualTo(before);
        assertThat(table.duplicateTo(fd, fd, true)).isEqualTo(fd);
        assertThat(table.duplicateTo(fd, -1, false)).isEqualTo(-EBADF);
        assertThat(table.duplicateTo(fd, 1024, false)).isEqualTo(-EBADF);
        assertThat(table.duplicateTo(77, 1, false)).isEqualTo(-EBADF);
    }

    @Test
    void closeOnExec_closesOnlyTheMarked() {
        int marked = table.duplicate(fd, true, 0);
        table.closeOnExec();
        assertThat(table.get(marked)).isNull();
        assertThat(table.get(fd)).isNotNull();
        assertThat(table.setClosesOnExec(marked, true)).isEqualTo(-EBADF);
    }

    @Test
    void copy_keepsFilesOpenUntilBothLetGo() {
        FileTable child = table.copy();
        long open = files.vfs.openFiles().count();
        table.release();
        assertThat(files.vfs.openFiles().count()).isEqualTo(open);
        child.release();
        assertThat(files.vfs.openFiles().count()).isEqualTo(open - 1);
    }

    @Test
    void closeRange_closesBothEnds() {
        assertThat(table.duplicate(fd, false, 5)).isEqualTo(5);
        assertThat(table.duplicate(fd, false, 6)).isEqualTo(6);
        table.closeRange(1, 5);
        assertThat(table.get(5)).isNull();
        assertThat(table.get(6)).isNotNull();
        table.closeRange(0, Integer.MAX_VALUE);
        assertThat(table.get(6)).isNull();
        assertThat(table.close(6)).isEqualTo(-EBADF);
    }

    @Test
    void path_startsAtTheDescriptorsDirectory() {
        files.makeDirectory("/tmp/dir");
        files.write("/tmp/dir/inner", "found");
        int dir = table.add(files.open("/tmp/dir", O_RDONLY), false);
        PathName path = table.path(files.context, dir, "inner").value();
        assertThat(files.vfs.find(path).value().path()).isEqualTo("/tmp/dir/inner");
        assertThat(table.path(files.context, fd, "inner").error()).isEqualTo(-ENOTDIR);
        assertThat(table.path(files.context, 55, "inner").error()).isEqualTo(-EBADF);
        assertThat(table.path(files.context, 55, "/absolute").isError()).isFalse();
        assertThat(table.path(files.context, AT_FDCWD, "inner").isError()).isFalse();
    }
}
