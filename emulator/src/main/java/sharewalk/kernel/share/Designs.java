package sharewalk.kernel.share;

import java.util.List;
import java.util.Optional;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.baseline.PrivateTables;
import sharewalk.kernel.share.msharefs.MsharefsDesign;

/// All sharing designs.
public final class Designs {
    private static final List<SharingDesign> ALL = List.of(new PrivateTables(), new MsharefsDesign());

    private Designs() {}

    /// Returns every design, in the order in which reports list them; the first is the baseline.
    public static List<SharingDesign> all() {
        return ALL;
    }

    /// Puts a design to work in a machine.
    public static InstalledDesign install(SharingDesign design, MemoryContext memory, CallingTask caller) {
        return design instanceof FileSystemDesign files ? files.install(memory, caller) : InstalledDesign.NOTHING;
    }

    /// Returns the design of a name.
    public static Optional<SharingDesign> named(String name) {
        return ALL.stream().filter(design -> design.name().equals(name)).findFirst();
    }
}
