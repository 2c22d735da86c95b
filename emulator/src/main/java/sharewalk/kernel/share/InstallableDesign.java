package sharewalk.kernel.share;

import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.SharingDesign;

/// A design that has work to do in a machine.
public interface InstallableDesign extends SharingDesign {
    /// Puts the design to work in a machine.
    InstalledDesign install(MemoryContext memory, CallingTask caller);
}
