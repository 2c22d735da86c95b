package sharewalk.cli;

import java.util.stream.Collectors;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.PagingModeName;
import sharewalk.mmu.paging.PagingMode;

/// Looks designs up by name.
final class DesignOptions {
    private DesignOptions() {}

    /// Returns the design of a name, which must work with a paging mode.
    static SharingDesign design(String name, PagingMode paging) {
        SharingDesign design = named(name);
        if (!design.supports(paging)) {
            throw CommandFailure.usage(
                    "The design '%s' does not work with %s.".formatted(name, PagingModeName.of(paging)));
        }
        return design;
    }

    /// Returns the design of a name.
    static SharingDesign named(String name) {
        for (SharingDesign design : Designs.all()) {
            if (design.name().equals(name)) {
                return design;
            }
        }
        throw CommandFailure.usage("There is no sharing design '%s'; there are %s."
                .formatted(name, Designs.all().stream().map(SharingDesign::name).collect(Collectors.joining(", "))));
    }
}
