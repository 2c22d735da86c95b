package sharewalk.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.ELOOP;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.OpenFlags.O_CREAT;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PathWalkerTest {
    private final TestFiles files = new TestFiles();

    @BeforeEach
    void makeTree() {
        files.makeDirectory("/a");
        files.makeDirectory("/a/b");
        files.write("/a/b/file", "content");
    }

    @Test
    void find_skipsSlashesAndDots() {
        assertThat(files.find("//a/./b///file").inode())
                .isSameAs(files.find("/a/b/file").inode());
        assertThat(files.find("/a/b/../b/file").path()).isEqualTo("/a/b/file");
    }

    @Test
    void find_neverGoesAboveTheRoot() {
        assertThat(files.find("/../../a/../..").path()).isEqualTo("/");
        assertThat(files.find("../../..").path()).isEqualTo("/");
    }

    @Test
    void find_tellsWhatIsMissing() {
        assertThat(files.findError("")).isEqualTo(-ENOENT);
        assertThat(files.findError("/nothing")).isEqualTo(-ENOENT);
        assertThat(files.findError("/nothing/below")).isEqualTo(-ENOENT);
        assertThat(files.findError("/a/b/file/below")).isEqualTo(-ENOTDIR);
        assertThat(files.findError("/a/b/file/")).isEqualTo(-ENOTDIR);
        assertThat(files.findError("/a/b/file/..")).isEqualTo(-ENOTDIR);
    }

    @Test
    void find_limitsNamesAndPaths() {
        assertThat(files.findError("/" + "n".repeat(255))).isEqualTo(-ENOENT);
        assertThat(files.findError("/" + "n".repeat(256))).isEqualTo(-ENAMETOOLONG);
        assertThat(files.findError("/.".repeat(2047) + "/")).isZero();
        assertThat(files.findError("/.".repeat(2048))).isEqualTo(-ENAMETOOLONG);
    }

    @Test
    void find_followsLinksOnTheWayAndAtTheEnd() {
        files.makeLink("b/file", "/a/relative");
        files.makeLink("/a/b", "/absolute");
        assertThat(files.find("/a/relative").path()).isEqualTo("/a/b/file");
        assertThat(files.find("/absolute/file").path()).isEqualTo("/a/b/file");
        assertThat(files.find("/absolute/").path()).isEqualTo("/a/b");
        PathName link = files.path("/absolute");
        assertThat(files.vfs.walker().find(link, false).value().inode()).isInstanceOf(SymbolicLink.class);
    }

    @Test
    void find_followsFortyLinksAndNoMore() {
        files.makeLink("/a/b/file", "/link0");
        for (int link = 1; link <= 40; link++) {
            files.makeLink("/link" + (link - 1), "/link" + link);
        }
        assertThat(files.findError("/link39")).isZero();
        assertThat(files.findError("/link40")).isEqualTo(-ELOOP);
    }

    @Test
    void find_givesUpOnALoop() {
        files.makeLink("loop", "/loop");
        files.makeLink("/loop2/x", "/loop2");
        assertThat(files.findError("/loop")).isEqualTo(-ELOOP);
        assertThat(files.findError("/loop2")).isEqualTo(-ELOOP);
    }

    @Test
    void find_needsTheRightToSearch() {
        long refusal = files.find("/a").inode().changePermissions(0744);
        assertThat(refusal).isZero();
        PathName asUser = PathName.of(files.user(), "/a/b");
        assertThat(files.vfs.find(asUser).error()).isEqualTo(-EACCES);
        assertThat(files.findError("/a/b")).isZero();
    }

    @Test
    void find_crossesMountsBothWays() {
        assertThat(files.find("/dev/shm").mount())
                .isNotSameAs(files.find("/dev").mount());
        assertThat(files.find("/dev/shm/..").path()).isEqualTo("/dev");
        assertThat(files.find("/dev/shm/../..").path()).isEqualTo("/");
        assertThat(files.find("/dev/shm/../null").inode()).isInstanceOf(CharacterDevice.class);
    }

    @Test
    void pathOf_followsARenamedDirectory() {
        assertThat(files.vfs.attributes().changeDirectory(files.context, files.find("/a/b")))
                .isZero();
        assertThat(files.vfs.renamer().rename(files.path("/a"), files.path("/z"), 0))
                .isZero();
        assertThat(workingDirectory()).isEqualTo("/z/b");
        assertThat(files.vfs.attributes().changeDirectory(files.context, files.find("/dev/shm")))
                .isZero();
        assertThat(workingDirectory()).isEqualTo("/dev/shm");
    }

    @Test
    void pathOf_failsInARemovedDirectory() {
        files.makeDirectory("/gone");
        assertThat(files.vfs.attributes().changeDirectory(files.context, files.find("/gone")))
                .isZero();
        assertThat(files.vfs.names().removeDirectory(files.path("/gone"))).isZero();
        assertThat(files.vfs.attributes().workingDirectory(files.context, 4096).error())
                .isEqualTo(-ENOENT);
        assertThat(files.openError("new", O_CREAT)).isEqualTo(-ENOENT);
    }

    private String workingDirectory() {
        return files.vfs.attributes().workingDirectory(files.context, 4096).value();
    }
}
