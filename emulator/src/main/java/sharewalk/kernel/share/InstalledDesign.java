package sharewalk.kernel.share;

import java.util.List;
import sharewalk.kernel.fs.FileSystemType;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.TableSharing;

/// A design at work in one machine.
public interface InstalledDesign {
    /// A design that needs nothing of the machine.
    InstalledDesign NOTHING = new InstalledDesign() {};

    /// Returns the types of file systems it brings; the machine registers them for mount(2).
    default List<Mountable> fileSystems() {
        return List.of();
    }

    /// Returns the system calls it brings, which exist under no other design.
    default List<DesignCall> systemCalls() {
        return List.of();
    }

    /// Returns its say in mmap(2).
    default MapHook mapHook() {
        return MapHook.NONE;
    }

    /// Returns how it shares the tables of ordinary areas.
    default TableSharing tableSharing() {
        return TableSharing.NONE;
    }

    /// Tells that a task has exited: after it let go of its memory, before its files are closed.
    default void taskExited(long taskId) {}

    /// A type of file system and the directory where it is usually mounted.
    record Mountable(FileSystemType type, String directory) {}
}
