package sharewalk.kernel.fs.proc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.OpenFile;

/// A process as /proc shows it.
public interface ProcessView {
    /// Returns the process id.
    int pid();

    /// Returns the parent's process id, 0 when there is none.
    int parentPid();

    /// Returns the name, at most 15 bytes.
    String name();

    /// Returns the letter of its state: R, S, Z ...
    char state();

    /// Returns how many threads it has.
    int threads();

    /// Returns its arguments, each ended by a NUL byte; one char per byte.
    String commandLine();

    /// Returns the program it runs, or null when it has ended.
    @Nullable
    OpenFile executable();

    /// Returns its descriptors.
    FileTable files();

    /// Returns its place in the tree of files.
    FsContext fsContext();

    /// Returns what it maps, lowest address first; empty when it has ended.
    List<MappedRange> mappings();

    /// Returns how much memory it uses.
    MemoryUse memory();

    /// One line of /proc/PID/maps.
    ///
    /// @param rights four letters, as `rw-p`
    /// @param device the device number of the file, 0 without one
    /// @param inode the inode number of the file, 0 without one
    /// @param name the path, or a name in brackets, or empty
    record MappedRange(long start, long end, String rights, long offsetBytes, long device, long inode, String name) {}

    /// The memory lines of /proc/PID/status, in bytes.
    record MemoryUse(
            long virtualPeak,
            long virtualSize,
            long residentPeak,
            long residentAnonymous,
            long residentFile,
            long residentShared,
            long data,
            long stack,
            long code,
            long pageTables) {
        /// Returns all resident bytes.
        public long resident() {
            return residentAnonymous + residentFile + residentShared;
        }
    }
}
