package sharewalk.kernel.share;

import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.SharingDesign;

/// A design whose regions are files.
public interface FileSystemDesign extends SharingDesign {
    /// Puts the design to work in a machine.
    InstalledDesign install(MemoryContext memory, CallingTask caller);
}
