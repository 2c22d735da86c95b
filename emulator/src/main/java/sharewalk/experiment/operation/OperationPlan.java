package sharewalk.experiment.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sharewalk.experiment.ExperimentSpec;

/// What the guest program `operations` is to do.
///
/// @param sharers processes that share the region
/// @param pages of the working set
/// @param blocks of 2 MiB that the working set lies in
/// @param only the operations to make; none means all
public record OperationPlan(int sharers, int pages, int blocks, Set<Operation> only) {
    /// The guest program.
    public static final String PROGRAM = "operations";

    public OperationPlan {
        only = Set.copyOf(only);
    }

    /// Returns the program's arguments on a machine of so many harts.
    public List<String> arguments(int harts) {
        List<String> arguments = new ArrayList<>(List.of(
                "--sharers", Integer.toString(sharers),
                "--harts", Integer.toString(harts),
                "--pages", Integer.toString(pages),
                "--blocks", Integer.toString(blocks)));
        if (!only.isEmpty()) {
            String names = Stream.of(Operation.values())
                    .filter(only::contains)
                    .map(OperationPlan::scenario)
                    .distinct()
                    .collect(Collectors.joining(","));
            arguments.addAll(List.of("--only", names));
        }
        return arguments;
    }

    /// Returns whether a run of this plan makes an operation.
    public boolean includes(Operation operation) {
        return only.isEmpty() || only.contains(operation);
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
