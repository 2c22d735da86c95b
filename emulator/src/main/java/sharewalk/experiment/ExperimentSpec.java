package sharewalk.experiment;

import java.util.List;
import sharewalk.cpu.unicorn.MachineSpec;

/// Everything that can change a result.
///
/// @param design how page tables are shared, by name; guests find it in `SHAREWALK_DESIGN`
public record ExperimentSpec(
        MachineSpec machine, Slices slices, String design, GuestCommand command, List<HostDirectory> directories) {
    /// The environment variable that tells guests the design.
    public static final String DESIGN_VARIABLE = "SHAREWALK_DESIGN";

    public ExperimentSpec {
        directories = List.copyOf(directories);
    }
}
