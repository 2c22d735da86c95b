package sharewalk.experiment.operation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.ExperimentSpec;

/// What the guest program `operations` is to do.
///
/// @param sharers processes that share the region
/// @param pages of the working set
/// @param blocks of 2 MiB that the working set lies in
/// @param only the one operation to make, or null for all
public record OperationPlan(
        int sharers, int pages, int blocks, @Nullable Operation only) {
    /// The guest program.
    public static final String PROGRAM = "operations";

    /// Returns the program's arguments on a machine of so many harts.
    public List<String> arguments(int harts) {
        List<String> arguments = new ArrayList<>(List.of(
                "--sharers", Integer.toString(sharers),
                "--harts", Integer.toString(harts),
                "--pages", Integer.toString(pages),
                "--blocks", Integer.toString(blocks)));
        if (only != null) {
            arguments.addAll(List.of("--only", scenario(only)));
        }
        return arguments;
    }

    /// Returns whether a run of this plan makes an operation.
    public boolean includes(Operation operation) {
        return only == null || only == operation;
    }

    /// Returns the command line of the guest, as reports name it.
    public String command(ExperimentSpec spec) {
        return PROGRAM + " " + String.join(" ", arguments(spec.machine().harts()));
    }

    /// What belongs to the first region is made there together.
    private static String scenario(Operation operation) {
        return switch (operation) {
            case CREATE_MAPPING, ATTACH, LINK_FAULT -> Operation.FIRST_TOUCH.key();
            default -> operation.key();
        };
    }
}
