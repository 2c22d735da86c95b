package sharewalk.kernel.fs.tmp;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Fcntl.F_SEAL_GROW;
import static sharewalk.abi.Fcntl.F_SEAL_SEAL;
import static sharewalk.abi.Fcntl.F_SEAL_SHRINK;
import static sharewalk.abi.Fcntl.F_SEAL_WRITE;
import static sharewalk.abi.OpenFlags.MFD_ALLOW_SEALING;
import static sharewalk.abi.OpenFlags.MFD_HUGETLB;
import static sharewalk.abi.OpenFlags.O_RDONLY;

import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;

class MemoryFilesTest {
    private final TestFiles files = new TestFiles();
    private final MemoryFiles memoryFiles = files.tree.memoryFiles();

    @Test
    void open_makesAFileThatGoesWithItsLastDescriptor() {
        long free = files.frames.freeFrames();
        OpenFile file = memoryFiles.open("shared", 0).value();
        assertThat(file.path()).isEqualTo("/memfd:shared (deleted)");
        assertThat(file.write(TestFiles.bytes("content"))).isEqualTo(7);
        assertThat(files.frames.freeFrames()).isEqualTo(free - 1);
        file.release();
        assertThat(files.frames.freeFrames()).isEqualTo(free);
    }

    @Test
    void open_refusesLongNamesAndUnknownFlags() {
        assertThat(memoryFiles.open("n".repeat(249), 0).isError()).isFalse();
        assertThat(memoryFiles.open("n".repeat(250), 0).error()).isEqualTo(-EINVAL);
        assertThat(memoryFiles.open("flag", 1 << 20).error()).isEqualTo(-EINVAL);
    }

    @Test
    void open_makesFilesOfHugePagesOfTheSizesThereAre() {
        assertThat(memoryFiles.open("huge", MFD_HUGETLB).value().inode().blockBytes())
                .isEqualTo(2 << 20);
        assertThat(memoryFiles
                        .open("huge", MFD_HUGETLB | 30 << 26)
                        .value()
                        .inode()
                        .blockBytes())
                .isEqualTo(1 << 30);
        assertThat(memoryFiles.open("huge", MFD_HUGETLB | 16 << 26).error()).isEqualTo(-ENODEV);
    }

    @Test
    void seals_areEnforced() {
        OpenFile file = memoryFiles.open("sealed", MFD_ALLOW_SEALING).value();
        TmpFile inode = (TmpFile) file.inode();
        assertThat(file.truncate(100)).isZero();
        assertThat(inode.addSeals(file, F_SEAL_SHRINK | F_SEAL_GROW)).isZero();
        assertThat(file.truncate(99)).isEqualTo(-EPERM);
        assertThat(file.truncate(101)).isEqualTo(-EPERM);
        assertThat(file.writeAt(98, TestFiles.bytes("abc"))).isEqualTo(-EPERM);
        assertThat(file.writeAt(97, TestFiles.bytes("abc"))).isEqualTo(3);
        assertThat(file.refusalToMapForWriting()).isZero();
        assertThat(inode.addSeals(file, F_SEAL_WRITE)).isZero();
        assertThat(file.writeAt(0, TestFiles.bytes("a"))).isEqualTo(-EPERM);
        assertThat(file.refusalToMapForWriting()).isEqualTo(-EPERM);
        assertThat(inode.addSeals(file, F_SEAL_SEAL)).isZero();
        assertThat(inode.addSeals(file, 0)).isEqualTo(-EPERM);
        assertThat(inode.seals()).isEqualTo(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    }

    @Test
    void seals_needLeave() {
        OpenFile file = memoryFiles.open("plain", 0).value();
        assertThat(((TmpFile) file.inode()).seals()).isEqualTo(F_SEAL_SEAL);
        assertThat(((TmpFile) file.inode()).addSeals(file, F_SEAL_WRITE)).isEqualTo(-EPERM);
        OpenFile sealable = memoryFiles.open("sealable", MFD_ALLOW_SEALING).value();
        assertThat(((TmpFile) sealable.inode()).addSeals(sealable, 0x1000)).isEqualTo(-EINVAL);
        OpenFile reader = files.vfs
                .opener()
                .openExisting(files.context, sealable.location(), O_RDONLY)
                .value();
        assertThat(((TmpFile) sealable.inode()).addSeals(reader, F_SEAL_WRITE)).isEqualTo(-EPERM);
    }
}
