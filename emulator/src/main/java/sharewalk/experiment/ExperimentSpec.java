package sharewalk.experiment;

import java.util.List;
import java.util.Set;
import sharewalk.cost.CostTable;
import sharewalk.cpu.unicorn.FastMode;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.Machine;

/// Everything that can change a result. A machine that fast mode cannot count exactly runs in exhaustive mode.
///
/// @param origin the profile that the machine was made from, before options changed it
/// @param design how page tables are shared, as `NAME` or `NAME:VARIANT`; guests find the name in `SHAREWALK_DESIGN`
/// @param instruments what looks on
public record ExperimentSpec(
        MachineSpec machine,
        Machine origin,
        Slices slices,
        String design,
        GuestCommand command,
        List<HostDirectory> directories,
        Set<Instrument> instruments) {
    /// The environment variable that tells guests the design.
    public static final String DESIGN_VARIABLE = "SHAREWALK_DESIGN";

    /// The environment variable that tells guests, and the machine, that there is write notification.
    public static final String NOTIFY_VARIABLE = "SHAREWALK_NOTIFY";

    public ExperimentSpec {
        directories = List.copyOf(directories);
        if (FastMode.obstacle(machine.profile()).isPresent()) {
            machine = machine.exhaustively();
        }
        instruments = Set.copyOf(instruments);
    }

    /// Creates a spec without instruments.
    public ExperimentSpec(
            MachineSpec machine,
            Machine origin,
            Slices slices,
            String design,
            GuestCommand command,
            List<HostDirectory> directories) {
        this(machine, origin, slices, design, command, directories, Set.of());
    }

    /// Returns this spec with exactly these instruments.
    public ExperimentSpec with(Set<Instrument> chosen) {
        return new ExperimentSpec(machine, origin, slices, design, command, directories, chosen);
    }

    /// Returns the design itself.
    ///
    /// @throws ExperimentException if there is none of that text
    public SharingDesign sharing() {
        return Designs.named(design)
                .orElseThrow(() -> new ExperimentException("There is no sharing design '" + design + "'."));
    }

    /// Returns whether programs can be told of writes to files: what their environment says.
    public boolean notifiesWrites() {
        return command.environment().contains(NOTIFY_VARIABLE + "=write");
    }

    /// Returns whether an instrument looks on.
    public boolean has(Instrument instrument) {
        return instruments.contains(instrument);
    }

    /// Returns what operations cost on the machine.
    public CostTable costs() {
        return origin.costsFor(machine.isa());
    }
}
