package sharewalk.report;

import java.util.Locale;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.mmu.paging.PagingMode;

/// The way a machine is described.
public final class MachineText {
    private MachineText() {}

    /// Returns the name of a paging mode, as on the command line.
    public static String paging(PagingMode mode) {
        return switch (mode) {
            case SV39, SV48, SV57 -> mode.name().toLowerCase(Locale.ROOT);
            case X86_64_4LEVEL -> "4-level";
            case X86_64_5LEVEL -> "5-level";
        };
    }

    /// Returns the name of the way accesses are told to the model.
    public static String mode(MachineSpec machine) {
        return machine.exhaustive() ? "exhaustive" : "trap";
    }

    /// Returns a machine in one line, without its TLBs.
    static String summary(MachineSpec machine) {
        return "%s, %s, %d %s, %s RAM, %d-bit ASIDs, seed %d"
                .formatted(
                        machine.isa().name(),
                        paging(machine.paging()),
                        machine.harts(),
                        machine.harts() == 1 ? "hart" : "harts",
                        Figures.bytes(machine.ramBytes()),
                        machine.profile().asidBits(),
                        machine.seed());
    }
}
