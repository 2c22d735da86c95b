package sharewalk.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationPlan;

/// What `sharewalk cost` finds out, with what it varies unless told otherwise.
enum CostExperiment {
    /// Every operation, by numbers of sharers.
    OPERATIONS,
    /// What leaving shared tables costs, by the number of entries they hold: all in one last-level table.
    UNSHARE,
    /// Whom a change must flush, by numbers of sharers and harts.
    FLUSH;

    /// Returns the runs of the guest for a number of sharers and of pages.
    List<OperationPlan> plans(int sharers, int pages) {
        return switch (this) {
            case OPERATIONS -> List.of(new OperationPlan(sharers, pages, 2, Set.of()));
            case UNSHARE ->
                List.of(new OperationPlan(
                        sharers, pages, 1, Set.of(Operation.MPROTECT, Operation.UNSHARE, Operation.STORE_AFTER_FORK)));
            case FLUSH -> List.of(new OperationPlan(sharers, pages, 2, Set.of(Operation.FLUSH)));
        };
    }

    List<String> designs() {
        return switch (this) {
            case OPERATIONS, UNSHARE -> List.of(DesignOptions.ALL);
            case FLUSH -> List.of("private", "msharefs", "mshare-2026");
        };
    }

    List<Integer> sharers() {
        return switch (this) {
            case OPERATIONS -> List.of(1, 2, 8, 64, 512);
            case UNSHARE -> List.of(2);
            case FLUSH -> List.of(1, 2, 4, 8, 16, 32, 64);
        };
    }

    List<Integer> pages() {
        return switch (this) {
            case OPERATIONS -> List.of(64);
            case UNSHARE -> List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 384, 512);
            case FLUSH -> List.of(16);
        };
    }

    List<Integer> harts() {
        return switch (this) {
            case OPERATIONS -> List.of(4);
            case UNSHARE -> List.of(2);
            case FLUSH -> List.of(1, 2, 4, 8, 16);
        };
    }

    /// Returns the experiment of a name.
    static CostExperiment named(String name) {
        return Stream.of(values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage("There is no experiment '%s'; there are %s."
                        .formatted(
                                name,
                                Stream.of(values())
                                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")))));
    }
}
