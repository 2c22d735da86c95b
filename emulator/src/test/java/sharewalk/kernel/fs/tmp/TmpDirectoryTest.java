package sharewalk.kernel.fs.tmp;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDONLY;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;

class TmpDirectoryTest {
    private final TestFiles files = new TestFiles();

    @Test
    void list_givesEntriesInTheOrderTheyCameWhateverTheBuffer() {
        files.write("/tmp/zebra", "");
        files.makeDirectory("/tmp/ant");
        files.makeLink("x", "/tmp/middle");
        assertThat(files.list("/tmp", 4096)).containsExactly(".", "..", "zebra", "ant", "middle");
        assertThat(files.list("/tmp", 32)).containsExactly(".", "..", "zebra", "ant", "middle");
    }

    @Test
    void list_laysEntriesOutAsLinuxDoes() {
        files.write("/tmp/file", "");
        OpenFile directory = files.open("/tmp", O_RDONLY);
        ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(directory.readDirectory(buffer)).isEqualTo(24 + 24 + 24);
        assertThat(buffer.getLong(48)).isEqualTo(files.find("/tmp/file").inode().number());
        assertThat(buffer.getLong(48 + 8)).isEqualTo(directory.position());
        assertThat(buffer.getShort(48 + 16)).isEqualTo((short) 24);
        assertThat(buffer.get(48 + 18)).isEqualTo((byte) 8);
        assertThat(buffer.get(48 + 19)).isEqualTo((byte) 'f');
        assertThat(buffer.get(48 + 23)).isZero();
        assertThat(directory.readDirectory(buffer)).isZero();
    }

    @Test
    void list_refusesABufferTooSmallForOneEntry() {
        OpenFile directory = files.open("/tmp", O_RDONLY);
        assertThat(directory.readDirectory(ByteBuffer.allocate(23))).isEqualTo(-EINVAL);
        assertThat(directory.readDirectory(ByteBuffer.allocate(24))).isEqualTo(24);
    }

    @Test
    void list_goesOnWhileEntriesComeAndGo() {
        for (int file = 0; file < 10; file++) {
            files.write("/tmp/f" + file, "");
        }
        OpenFile directory = files.open("/tmp", O_RDONLY);
        assertThat(directory.readDirectory(ByteBuffer.allocate(24 * 5))).isEqualTo(24 * 5);
        for (int file = 0; file < 9; file++) {
            assertThat(files.vfs.names().unlink(files.path("/tmp/f" + file))).isZero();
        }
        files.write("/tmp/late", "");
        ByteBuffer rest = ByteBuffer.allocate(4096);
        assertThat(directory.readDirectory(rest)).isEqualTo(24 * 2);
        assertThat(directory.seek(0, 0)).isZero();
        assertThat(directory.readDirectory(ByteBuffer.allocate(4096))).isEqualTo(24 * 4);
    }

    @Test
    void list_endsInARemovedDirectory() {
        files.makeDirectory("/tmp/d");
        OpenFile directory = files.open("/tmp/d", O_RDONLY);
        assertThat(files.vfs.names().removeDirectory(files.path("/tmp/d"))).isZero();
        assertThat(directory.readDirectory(ByteBuffer.allocate(4096))).isEqualTo(-ENOENT);
    }

    @Test
    void create_isBoundedByTheInodesThatRamAllows() {
        long room = files.find("/tmp").mount().fileSystem().status().freeInodes();
        assertThat(room).isEqualTo(files.frames.allFrames() / 2);
        for (long made = 0; made < room; made++) {
            files.write("/tmp/f" + made, "");
        }
        assertThat(files.openError("/tmp/more", O_CREAT)).isEqualTo(-ENOSPC);
        assertThat(files.vfs.names().makeDirectory(files.path("/tmp/d"), 0)).isEqualTo(-ENOSPC);
        assertThat(files.vfs.names().makeSymbolicLink("x", files.path("/tmp/l")))
                .isEqualTo(-ENOSPC);
        assertThat(files.vfs.names().link(files.find("/tmp/f0"), files.path("/tmp/l")))
                .isEqualTo(-ENOSPC);
        assertThat(files.vfs.names().unlink(files.path("/tmp/f1"))).isZero();
        assertThat(files.openError("/tmp/more", O_CREAT)).isZero();
    }

    @Test
    void inodes_comeBackHoweverTheyWent() {
        long before = freeInodes();
        files.makeDirectory("/tmp/d");
        files.makeDirectory("/tmp/e");
        files.write("/tmp/f", "");
        files.makeLink("x", "/tmp/l");
        assertThat(files.vfs.names().link(files.find("/tmp/f"), files.path("/tmp/g")))
                .isZero();
        assertThat(freeInodes()).isEqualTo(before - 5);
        assertThat(files.vfs.renamer().rename(files.path("/tmp/d"), files.path("/tmp/e"), 0))
                .isZero();
        assertThat(files.vfs.renamer().rename(files.path("/tmp/l"), files.path("/tmp/f"), 0))
                .isZero();
        assertThat(freeInodes()).isEqualTo(before - 3);
        assertThat(files.vfs.names().unlink(files.path("/tmp/f"))).isZero();
        assertThat(files.vfs.names().unlink(files.path("/tmp/g"))).isZero();
        assertThat(files.vfs.names().removeDirectory(files.path("/tmp/e"))).isZero();
        assertThat(freeInodes()).isEqualTo(before);
    }

    private long freeInodes() {
        return files.find("/tmp").mount().fileSystem().status().freeInodes();
    }
}
