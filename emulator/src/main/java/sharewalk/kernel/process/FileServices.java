package sharewalk.kernel.process;

import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.fs.event.EventFiles;
import sharewalk.kernel.fs.pipe.Pipes;
import sharewalk.kernel.fs.tmp.MemoryFiles;
import sharewalk.kernel.fs.tree.StandardTree;

/// What the kernel has of files: the tree, the makers of files that have no place in it, and the random bytes that
/// devices and the kernel draw from.
public record FileServices(
        Vfs vfs, MemoryFiles memoryFiles, Pipes pipes, EventFiles events, GuestRandom random, ProcessesInProc proc) {
    /// Returns the files of a tree; `random` and `proc` are those the tree was made with.
    public static FileServices of(StandardTree tree, GuestRandom random, ProcessesInProc proc) {
        return new FileServices(tree.vfs(), tree.memoryFiles(), tree.pipes(), tree.eventFiles(), random, proc);
    }
}
