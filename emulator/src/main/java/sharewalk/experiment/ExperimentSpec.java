package sharewalk.experiment;

import java.util.List;
import sharewalk.cpu.unicorn.FastMode;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.machine.Machine;

/// Everything that can change a result. A machine that fast mode cannot count exactly runs in exhaustive mode.
///
/// @param origin the profile that the machine was made from, before options changed it
/// @param design how page tables are shared, by name; guests find it in `SHAREWALK_DESIGN`
public record ExperimentSpec(
        MachineSpec machine,
        Machine origin,
        Slices slices,
        String design,
        GuestCommand command,
        List<HostDirectory> directories) {
    /// The environment variable that tells guests the design.
    public static final String DESIGN_VARIABLE = "SHAREWALK_DESIGN";

    public ExperimentSpec {
        directories = List.copyOf(directories);
        if (FastMode.obstacle(machine.profile()).isPresent()) {
            machine = machine.exhaustively();
        }
    }
}
