package sharewalk.report;

import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.machine.Machine;
import sharewalk.machine.PagingModeName;

/// The way a machine is described.
public final class MachineText {
    private MachineText() {}

    /// Returns the name of the way accesses are told to the model.
    public static String mode(MachineSpec machine) {
        return machine.exhaustive() ? "exhaustive" : "trap";
    }

    /// Returns what profile a machine was made from, a user's with its file, and how many of its figures are guesses.
    static String origin(ExperimentSpec spec) {
        Machine origin = spec.origin();
        String name = spec.machine().profile().name();
        String source = origin.fromFile() == null ? "" : " from " + origin.fromFile();
        return "%s%s (%s), %d of %d figures are guesses"
                .formatted(
                        name,
                        source,
                        origin.title(),
                        origin.guesses(),
                        origin.figures().size());
    }

    /// Returns a machine in one line, without its TLBs.
    static String summary(MachineSpec machine) {
        return "%s, %s, %d %s, %s RAM, %d-bit ASIDs%s, seed %d"
                .formatted(
                        machine.isa().name(),
                        PagingModeName.of(machine.paging()),
                        machine.harts(),
                        machine.harts() == 1 ? "hart" : "harts",
                        Figures.bytes(machine.ramBytes()),
                        machine.profile().asidBits(),
                        machine.profile().tags().sharedDomains() ? " and shared domains" : "",
                        machine.seed());
    }
}
