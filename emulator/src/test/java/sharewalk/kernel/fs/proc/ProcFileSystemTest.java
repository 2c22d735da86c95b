package sharewalk.kernel.fs.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.TestFiles;

class ProcFileSystemTest {
    private final TestFiles files = new TestFiles();
    private final FileTable descriptors = files.tree.newFileTable();
    private List<ProcessView.MappedRange> mappings = List.of();

    @BeforeEach
    void startAProcess() {
        files.write("/tmp/program", "program");
        files.processes.put(7, new Shown());
    }

    @Test
    void self_isTheProcessThatAsks() {
        assertThat(files.vfs.attributes().readLink(files.path("/proc/self")).value())
                .isEqualTo("7");
        assertThat(files.read("/proc/self/comm")).isEqualTo("program\n");
        assertThat(files.read("/proc/self/cmdline")).isEqualTo("program\0-x\0");
        assertThat(files.findError("/proc/8")).isEqualTo(-ENOENT);
        assertThat(files.findError("/proc/07")).isEqualTo(-ENOENT);
    }

    @Test
    void exe_leadsToTheFileEvenWhenItHasNoName() {
        assertThat(files.read("/proc/self/exe")).isEqualTo("program");
        assertThat(files.vfs.names().unlink(files.path("/tmp/program"))).isZero();
        assertThat(files.read("/proc/self/exe")).isEqualTo("program");
        assertThat(files.vfs.attributes().readLink(files.path("/proc/7/exe")).value())
                .isEqualTo("/tmp/program (deleted)");
    }

    @Test
    void fd_leadsToOpenFiles() {
        int fd = descriptors.add(files.open("/tmp/program", O_RDONLY), false);
        assertThat(files.read("/proc/self/fd/" + fd)).isEqualTo("program");
        assertThat(files.list("/proc/self/fd", 4096)).containsExactly(".", "..", "0", "1", "2", "3");
        assertThat(files.findError("/proc/self/fd/9")).isEqualTo(-ENOENT);
        assertThat(files.open("/dev/stdout", O_RDWR).write(TestFiles.bytes("out")))
                .isEqualTo(3);
        assertThat(files.output.size()).isEqualTo(3);
    }

    @Test
    void maps_isLaidOutAsLinuxDoes() {
        mappings = List.of(
                new ProcessView.MappedRange(0x10000, 0x12000, "r-xp", 0x1000, 0x803, 42, "/bin/program"),
                new ProcessView.MappedRange(0x7fff_0000_0000L, 0x7fff_0002_1000L, "rw-p", 0, 0, 0, "[stack]"),
                new ProcessView.MappedRange(0x20000, 0x21000, "rw-s", 0, 0, 0, ""));
        assertThat(files.read("/proc/self/maps"))
                .isEqualTo("00010000-00012000 r-xp 00001000 08:03 42 " + " ".repeat(32) + "/bin/program\n"
                        + "7fff00000000-7fff00021000 rw-p 00000000 00:00 0 " + " ".repeat(25) + "[stack]\n"
                        + "00020000-00021000 rw-s 00000000 00:00 0 \n");
    }

    @Test
    void status_tellsOfMemory() {
        assertThat(files.read("/proc/self/status"))
                .contains("Name:\tprogram\n", "Pid:\t7\n", "PPid:\t1\n", "State:\tR (running)\n")
                .contains("VmRSS:\t      12 kB\n", "VmPTE:\t      16 kB\n", "VmSize:\t     100 kB\n");
        assertThat(files.read("/proc/self/stat")).startsWith("7 (program) R 1 7 7 ");
        assertThat(files.read("/proc/self/stat").split(" ")).hasSize(52);
        assertThat(files.read("/proc/self/statm")).isEqualTo("25 3 2 1 0 3 0\n");
    }

    @Test
    void machineFiles_areThere() {
        assertThat(files.read("/proc/meminfo")).contains("MemTotal:           4096 kB\n");
        assertThat(files.read("/proc/cpuinfo")).isEqualTo("processor\t: 0\n");
        assertThat(files.read("/proc/filesystems")).isEqualTo("nodev\thugetlbfs\nnodev\ttmpfs\n");
        assertThat(files.read("/proc/sys/kernel/osrelease")).isEqualTo("6.17.0\n");
        assertThat(files.read("/proc/sys/vm/overcommit_memory")).isEqualTo("0\n");
        assertThat(files.read("/proc/uptime")).isEqualTo("12.34 0.00\n");
        assertThat(files.read("/proc/mounts")).contains("rootfs / tmpfs rw 0 0\n", "proc /proc proc rw 0 0\n");
        assertThat(files.read("/sys/kernel/mm/transparent_hugepage/enabled")).isEqualTo("always madvise [never]\n");
        assertThat(files.read("/sys/devices/system/cpu/online")).isEqualTo("0-1\n");
        assertThat(files.list("/sys/fs/mshare", 4096)).containsExactly(".", "..");
    }

    @Test
    void text_readInPartsIsOfOnePiece() {
        OpenFile status = files.open("/proc/self/status", O_RDONLY);
        StringBuilder parts = new StringBuilder();
        for (String part = TestFiles.read(status, 7); !part.isEmpty(); part = TestFiles.read(status, 7)) {
            parts.append(part);
            mappings = List.of();
        }
        assertThat(parts.toString()).isEqualTo(files.read("/proc/self/status"));
        assertThat(status.inode().sizeBytes()).isZero();
        assertThat(status.readAt(1L << 40, ByteBuffer.allocate(4))).isZero();
    }

    @Test
    void views_cannotBeChanged() {
        assertThat(files.openError("/proc/meminfo", O_RDWR)).isEqualTo(-EACCES);
        assertThat(files.openError("/proc/new", O_CREAT | O_RDWR)).isEqualTo(-EACCES);
        assertThat(files.vfs.names().unlink(files.path("/proc/meminfo"))).isEqualTo(-EPERM);
        assertThat(files.vfs.names().makeDirectory(files.path("/sys/new"), 0755))
                .isEqualTo(-EPERM);
    }

    @Test
    void directories_ofEndedProcessesAreGone() {
        assertThat(files.findError("/proc/7/status")).isZero();
        files.processes.remove(7);
        assertThat(files.findError("/proc/7/status")).isEqualTo(-ENOENT);
        assertThat(files.list("/proc", 4096)).doesNotContain("7");
    }

    private final class Shown implements ProcessView {
        private final FsContext context = files.vfs.rootContext();
        private final OpenFile program = files.open("/tmp/program", O_RDONLY);

        @Override
        public int pid() {
            return 7;
        }

        @Override
        public int parentPid() {
            return 1;
        }

        @Override
        public String name() {
            return "program";
        }

        @Override
        public char state() {
            return 'R';
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public String commandLine() {
            return "program\0-x\0";
        }

        @Override
        public @Nullable OpenFile executable() {
            return program;
        }

        @Override
        public FileTable files() {
            return descriptors;
        }

        @Override
        public FsContext fsContext() {
            return context;
        }

        @Override
        public List<MappedRange> mappings() {
            return mappings;
        }

        @Override
        public MemoryUse memory() {
            return new MemoryUse(102400, 102400, 12288, 4096, 4096, 4096, 8192, 4096, 4096, 16384);
        }
    }
}
