package sharewalk.kernel.share;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.attach.AttachDesign;
import sharewalk.kernel.share.baseline.HugetlbPages;
import sharewalk.kernel.share.baseline.PrivateTables;
import sharewalk.kernel.share.baseline.TransparentHugePages;
import sharewalk.kernel.share.container.ContainerDesign;
import sharewalk.kernel.share.forkcow.ForkCowDesign;
import sharewalk.kernel.share.hugetlbpmd.HugetlbPmdDesign;
import sharewalk.kernel.share.mshare2022.Mshare2022Design;
import sharewalk.kernel.share.mshare2026.Mshare2026Design;
import sharewalk.kernel.share.msharefs.MsharefsDesign;
import sharewalk.kernel.share.sharedpt2022.SharedPt2022Design;
import sharewalk.kernel.share.sharedpt2026.SharedPt2026Design;
import sharewalk.kernel.share.sharefs.SharefsDesign;
import sharewalk.kernel.share.transparent.TransparentDesign;

/// All sharing designs.
public final class Designs {
    /// Stands between the name of a design and that of its variant.
    public static final char VARIANT_MARK = ':';

    private static final List<SharingDesign> ALL = byKind(List.of(
            // What every comparison is held against.
            new PrivateTables(),
            new HugetlbPages(),
            new TransparentHugePages(),
            // Linux's own sharing.
            new HugetlbPmdDesign(),
            // Posted.
            new Mshare2022Design(),
            new MsharefsDesign(),
            SharedPt2022Design.posted(),
            new SharedPt2026Design(),
            new ForkCowDesign(),
            // Proposed.
            new Mshare2026Design(),
            new ContainerDesign(),
            new SharefsDesign(),
            TransparentDesign.create(),
            new AttachDesign()));

    private Designs() {}

    /// Returns every design once, in the order in which reports list them: baselines first, then what else is part of
    /// Linux, what was posted, what was proposed.
    public static List<SharingDesign> all() {
        return ALL;
    }

    /// Puts a design to work in a machine.
    public static InstalledDesign install(SharingDesign design, MemoryContext memory, CallingTask caller) {
        InstalledDesign installed = design instanceof InstallableDesign installable
                ? installable.install(memory, caller)
                : InstalledDesign.NOTHING;
        memory.setMapHook(installed.mapHook());
        memory.shareTables(installed.tableSharing());
        return installed;
    }

    /// Returns the design of a text, which is `NAME` or `NAME:VARIANT`.
    public static Optional<SharingDesign> named(String text) {
        int mark = text.indexOf(VARIANT_MARK);
        String name = mark < 0 ? text : text.substring(0, mark);
        Optional<SharingDesign> base =
                ALL.stream().filter(design -> design.name().equals(name)).findFirst();
        if (mark < 0) {
            return base;
        }
        String variant = text.substring(mark + 1);
        return base.stream()
                .flatMap(design -> design.variants().stream())
                .filter(each -> each.name().equals(variant))
                .map(SharingDesign.Variant::design)
                .findFirst();
    }

    private static List<SharingDesign> byKind(List<SharingDesign> designs) {
        return designs.stream()
                .sorted(Comparator.comparing(SharingDesign::kind))
                .toList();
    }
}
