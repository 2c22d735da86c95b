package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.ERANGE;
import static sharewalk.abi.FileMode.F_OK;
import static sharewalk.abi.FileMode.R_OK;
import static sharewalk.abi.FileMode.S_IFREG;
import static sharewalk.abi.FileMode.W_OK;
import static sharewalk.abi.FileMode.X_OK;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttributeOperationsTest {
    private final TestFiles files = new TestFiles();
    private final AttributeOperations attributes = files.vfs.attributes();

    @BeforeEach
    void makeFile() {
        files.write("/tmp/file", "content");
    }

    @Test
    void status_isDeterministic() {
        TestFiles others = new TestFiles();
        others.write("/tmp/file", "content");
        FileStatus status = files.find("/tmp/file").inode().status();
        assertThat(status).isEqualTo(others.find("/tmp/file").inode().status());
        assertThat(status.mode()).isEqualTo(S_IFREG | 0644);
        assertThat(status.sizeBytes()).isEqualTo(7);
        assertThat(status.blocks()).isEqualTo(8);
        assertThat(status.modifyTime()).isEqualTo(1_000_000_000);
    }

    @Test
    void access_forTheSuperuserAsksForExecutionOnly() {
        assertThat(access(F_OK)).isZero();
        assertThat(access(R_OK | W_OK)).isZero();
        assertThat(access(X_OK)).isEqualTo(-EACCES);
        assertThat(access(8)).isEqualTo(-EINVAL);
        assertThat(attributes.changePermissions(files.context, files.find("/tmp/file"), 0601))
                .isZero();
        assertThat(access(X_OK)).isZero();
        assertThat(attributes.access(files.context, files.find("/tmp"), X_OK)).isZero();
    }

    @Test
    void access_forUsersGoesByOwnerGroupAndOthers() {
        FsContext user = files.user();
        Location file = files.find("/tmp/file");
        assertThat(attributes.access(user, file, R_OK)).isZero();
        assertThat(attributes.access(user, file, W_OK)).isEqualTo(-EACCES);
        assertThat(attributes.changeOwner(files.context, file, -1, 1000)).isZero();
        assertThat(attributes.changePermissions(files.context, file, 0604)).isZero();
        assertThat(attributes.access(user, file, R_OK)).isEqualTo(-EACCES);
        assertThat(attributes.changeOwner(files.context, file, 1000, -1)).isZero();
        assertThat(attributes.access(user, file, R_OK | W_OK)).isZero();
    }

    @Test
    void changes_areTheOwners() {
        FsContext user = files.user();
        Location file = files.find("/tmp/file");
        assertThat(attributes.changePermissions(user, file, 0777)).isEqualTo(-EPERM);
        assertThat(attributes.changeTimes(user, file, 1, 1)).isEqualTo(-EPERM);
        assertThat(attributes.changeOwner(user, file, 1000, 1000)).isEqualTo(-EPERM);
    }

    @Test
    void changeTimes_setsWhatIsGivenAndStampsTheChange() {
        files.now = 5_000_000_000L;
        Location file = files.find("/tmp/file");
        assertThat(attributes.changeTimes(files.context, file, 111, -1)).isZero();
        FileStatus status = file.inode().status();
        assertThat(status.accessTime()).isEqualTo(111);
        assertThat(status.modifyTime()).isEqualTo(1_000_000_000);
        assertThat(status.changeTime()).isEqualTo(5_000_000_000L);
    }

    @Test
    void truncate_byPath() {
        assertThat(attributes.truncate(files.path("/tmp/file"), 3)).isZero();
        assertThat(files.read("/tmp/file")).isEqualTo("con");
        assertThat(attributes.truncate(files.path("/tmp/file"), -1)).isEqualTo(-EINVAL);
        assertThat(attributes.truncate(files.path("/tmp"), 0)).isEqualTo(-EISDIR);
        assertThat(attributes.truncate(files.path("/dev/null"), 0)).isEqualTo(-EINVAL);
        assertThat(attributes.truncate(PathName.of(files.user(), "/tmp/file"), 0))
                .isEqualTo(-EACCES);
    }

    @Test
    void changeDirectory_wantsADirectoryOneMaySearch() {
        assertThat(attributes.changeDirectory(files.context, files.find("/tmp/file")))
                .isEqualTo(-ENOTDIR);
        assertThat(files.find("/root").inode().changePermissions(0700)).isZero();
        assertThat(attributes.changeDirectory(files.user(), files.find("/root")))
                .isEqualTo(-EACCES);
        assertThat(attributes.changeDirectory(files.context, files.find("/root")))
                .isZero();
        assertThat(attributes.workingDirectory(files.context, 6).value()).isEqualTo("/root");
        assertThat(attributes.workingDirectory(files.context, 5).error()).isEqualTo(-ERANGE);
    }

    @Test
    void findOrBase_takesTheEmptyPathForItsBase() {
        PathName empty = new PathName(files.context, files.find("/tmp/file"), "");
        assertThat(attributes.findOrBase(empty, true).value().inode())
                .isSameAs(files.find("/tmp/file").inode());
    }

    @Test
    void contextCopy_standsWhereItsOriginalStood() {
        assertThat(attributes.changeDirectory(files.context, files.find("/tmp")))
                .isZero();
        FsContext child = files.context.copy();
        assertThat(attributes.changeDirectory(files.context, files.find("/dev")))
                .isZero();
        assertThat(attributes.workingDirectory(child, 100).value()).isEqualTo("/tmp");
        assertThat(child.exchangeUmask(07077)).isEqualTo(022);
        assertThat(child.umask()).isEqualTo(0077);
        assertThat(files.context.umask()).isEqualTo(022);
    }

    private long access(int mode) {
        return attributes.access(files.context, files.find("/tmp/file"), mode);
    }
}
