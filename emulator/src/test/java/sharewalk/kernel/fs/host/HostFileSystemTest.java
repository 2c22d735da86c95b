package sharewalk.kernel.fs.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.ELOOP;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.EROFS;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_TRUNC;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.PageSource.Wanted;

class HostFileSystemTest {
    private final TestFiles files = new TestFiles();

    @TempDir
    private Path host;

    private Path shown;

    @BeforeEach
    void showADirectory() throws IOException {
        shown = Files.createDirectory(host.resolve("shown"));
        Files.writeString(host.resolve("secret"), "secret");
        Files.writeString(shown.resolve("file"), "content");
        Files.createDirectory(shown.resolve("dir"));
        Files.writeString(shown.resolve("dir/inner"), "inner");
        files.tree.mountHostDirectory(shown, "/data/host");
    }

    @Test
    void files_areReadAsTheyAre() {
        assertThat(files.read("/data/host/file")).isEqualTo("content");
        assertThat(files.read("/data/host/dir/inner")).isEqualTo("inner");
        assertThat(files.list("/data/host", 4096)).containsExactly(".", "..", "dir", "file");
        assertThat(files.findError("/data/host/missing")).isEqualTo(-ENOENT);
        assertThat(files.findError("/data/host/file/x")).isEqualTo(-ENOTDIR);
    }

    @Test
    void dotDot_staysInTheGuestsTree() {
        assertThat(files.find("/data/host/..").path()).isEqualTo("/data");
        assertThat(files.find("/data/host/dir/../../..").path()).isEqualTo("/");
        assertThat(files.findError("/data/host/../secret")).isEqualTo(-ENOENT);
        assertThat(files.findError("/data/host/dir/../../secret")).isEqualTo(-ENOENT);
    }

    @Test
    void links_leadNowhereOutside() throws IOException {
        Files.createSymbolicLink(shown.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(shown.resolve("absolute"), host.resolve("secret"));
        Files.createSymbolicLink(shown.resolve("root"), Path.of("/"));
        Files.createSymbolicLink(shown.resolve("dirUp"), Path.of(".."));
        Files.createSymbolicLink(shown.resolve("loop"), Path.of("loop"));
        assertThat(files.findError("/data/host/up")).isEqualTo(-ENOENT);
        assertThat(files.findError("/data/host/absolute")).isEqualTo(-ENOENT);
        assertThat(files.findError("/data/host/dirUp/secret")).isEqualTo(-ENOENT);
        assertThat(files.findError("/data/host/loop")).isEqualTo(-ELOOP);
        assertThat(files.find("/data/host/root").inode())
                .isSameAs(files.find("/").inode());
        assertThat(files.find("/data/host/dirUp").inode())
                .isSameAs(files.find("/data").inode());
    }

    @Test
    void links_insideWork() throws IOException {
        Files.createSymbolicLink(shown.resolve("link"), Path.of("dir/../file"));
        assertThat(files.read("/data/host/link")).isEqualTo("content");
        assertThat(files.vfs
                        .attributes()
                        .readLink(files.path("/data/host/link"))
                        .value())
                .isEqualTo("dir/../file");
    }

    @Test
    void links_putInPlaceOfAFileAfterwardsAreNotFollowed() throws IOException {
        assertThat(files.findError("/data/host/file")).isZero();
        Files.delete(shown.resolve("file"));
        Files.createSymbolicLink(shown.resolve("file"), host.resolve("secret"));
        OpenFile file = files.open("/data/host/file", O_RDONLY);
        assertThat(file.read(ByteBuffer.allocate(10))).isNegative();
        assertThat(((PageSource) file.inode()).frame(0, Wanted.READ)).isNegative();
    }

    @Test
    void specialFiles_areRefusedAndNotListed() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ServerSocketChannel _ = socket.bind(UnixDomainSocketAddress.of(shown.resolve("socket")));
            assertThat(files.openError("/data/host/socket", O_RDONLY)).isEqualTo(-EACCES);
            assertThat(files.list("/data/host", 4096)).containsExactly(".", "..", "dir", "file");
        }
    }

    @Test
    void namesThatTheHostWouldTakeApart_areJustMissing() {
        assertThat(files.findError("/data/host/dir\0x")).isEqualTo(-ENOENT);
        assertThat(files.findError("/data/host/\u00ff\u00fe")).isEqualTo(-ENOENT);
        assertThat(HostNames.resolve(shown, "..")).isNull();
        assertThat(HostNames.resolve(shown, ".")).isNull();
        assertThat(HostNames.resolve(shown, "dir/inner")).isNull();
        assertThat(HostNames.resolve(shown, "../secret")).isNull();
        assertThat(HostNames.resolve(shown, "/etc")).isNull();
        assertThat(HostNames.resolve(shown, "")).isNull();
    }

    @Test
    void names_areBytesForTheGuest() {
        String guestName = new String("na\u00efve".getBytes(UTF_8), ISO_8859_1);
        assertThat(HostNames.toGuest("na\u00efve")).isEqualTo(guestName).hasSize(6);
    }

    @Test
    void nothing_canBeChanged() {
        assertThat(files.openError("/data/host/file", O_RDWR)).isEqualTo(-EROFS);
        assertThat(files.openError("/data/host/file", O_WRONLY | O_TRUNC)).isEqualTo(-EROFS);
        assertThat(files.openError("/data/host/new", O_CREAT | O_RDWR)).isEqualTo(-EROFS);
        assertThat(files.vfs.names().unlink(files.path("/data/host/file"))).isEqualTo(-EROFS);
        assertThat(files.vfs.names().makeDirectory(files.path("/data/host/d"), 0755))
                .isEqualTo(-EROFS);
        assertThat(files.vfs.names().link(files.find("/data/host/file"), files.path("/data/host/l")))
                .isEqualTo(-EROFS);
        assertThat(files.vfs.renamer().rename(files.path("/data/host/file"), files.path("/data/host/g"), 0))
                .isEqualTo(-EROFS);
        assertThat(files.vfs.attributes().truncate(files.path("/data/host/file"), 0))
                .isEqualTo(-EROFS);
        assertThat(files.vfs.attributes().changePermissions(files.context, files.find("/data/host/file"), 0))
                .isEqualTo(-EROFS);
    }

    @Test
    void pages_comeWhenMappedAndReadsTakeNone() throws IOException {
        Files.write(shown.resolve("large"), new byte[10_000]);
        long free = files.frames.freeFrames();
        OpenFile file = files.open("/data/host/large", O_RDONLY);
        assertThat(file.read(ByteBuffer.allocate(20_000))).isEqualTo(10_000);
        assertThat(files.frames.freeFrames()).isEqualTo(free);
        PageSource pages = (PageSource) file.mapSource().value();
        assertThat(pages.frame(3, Wanted.READ)).isEqualTo(PageSource.BEYOND_END);
        long pfn = pages.frame(2, Wanted.READ);
        assertThat(pages.frame(2, Wanted.READ)).isEqualTo(pfn);
        assertThat(files.frames.freeFrames()).isEqualTo(free - 1);
        assertThat(pages.name()).isEqualTo("/data/host/large");
    }

    @Test
    void pages_holdTheFilesBytesAndZerosBehind() throws IOException {
        byte[] content = new byte[5000];
        Arrays.fill(content, (byte) 9);
        Files.write(shown.resolve("large"), content);
        PageSource pages = (PageSource) files.find("/data/host/large").inode();
        long pfn = pages.frame(1, Wanted.READ);
        assertThat(files.memory.read8((pfn << 12) + 903)).isEqualTo(9);
        assertThat(files.memory.read8((pfn << 12) + 904)).isZero();
    }

    @Test
    void status_doesNotDependOnTheHost() throws IOException {
        Files.setLastModifiedTime(shown.resolve("file"), FileTime.from(Instant.EPOCH));
        Files.setPosixFilePermissions(shown.resolve("file"), PosixFilePermissions.fromString("rwx-wx---"));
        assertThat(files.find("/data/host/file").inode().status().modifyTime()).isEqualTo(1_000_000_000);
        assertThat(files.find("/data/host/file").inode().permissions()).isEqualTo(0555);
        assertThat(files.find("/data/host/dir/inner").inode().permissions()).isEqualTo(0444);
    }

    @Test
    void manyFiles_needFewHostDescriptors() throws IOException {
        for (int file = 0; file < 100; file++) {
            Files.writeString(shown.resolve("f" + file), "content " + file);
        }
        for (int round = 0; round < 2; round++) {
            for (int file = 0; file < 100; file++) {
                assertThat(files.read("/data/host/f" + file)).isEqualTo("content " + file);
            }
        }
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            long open = descriptors
                    .filter(descriptor -> leadsBelow(descriptor, shown))
                    .count();
            assertThat(open).isLessThanOrEqualTo(32);
        }
    }

    @Test
    void program_isShownAloneAndExecutable() throws IOException {
        files.tree.addProgram(shown.resolve("file"), "/bin/program");
        assertThat(files.read("/bin/program")).isEqualTo("content");
        assertThat(files.find("/bin/program").inode().permissions()).isEqualTo(0755);
        assertThat(files.list("/bin", 4096)).containsExactly(".", "..", "program");
        assertThat(files.openError("/bin/program", O_RDWR)).isEqualTo(-EROFS);
        assertThat(files.vfs.attributes().truncate(files.path("/bin/program"), 0))
                .isEqualTo(-EROFS);
        assertThatThrownBy(() -> files.tree.addProgram(shown.resolve("dir"), "/bin/d"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.tree.addProgram(shown.resolve("file"), "/bin/program"))
                .hasMessageContaining("/bin/program");
    }

    @Test
    void mountHostDirectory_wantsADirectory() {
        assertThatThrownBy(() -> files.tree.mountHostDirectory(shown.resolve("file"), "/x"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.tree.mountHostDirectory(shown.resolve("missing"), "/x"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.tree.mountHostDirectory(shown, "relative"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean leadsBelow(Path descriptor, Path directory) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory);
        } catch (IOException _) {
            return false;
        }
    }
}
