package sharewalk.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationPlan;

/// What `sharewalk cost` finds out, with what it varies unless told otherwise.
enum CostExperiment {
    /// Every operation, by numbers of sharers.
    OPERATIONS(List.of("all"), List.of(1, 2, 8, 64, 512), List.of(64), List.of(4)) {
        @Override
        List<OperationPlan> plans(int sharers, int pages) {
            return List.of(new OperationPlan(sharers, pages, 2, null));
        }
    },
    /// What leaving shared tables costs, by the number of entries they hold: all in one last-level table.
    UNSHARE(List.of("all"), List.of(2), List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 384, 512), List.of(2)) {
        @Override
        List<OperationPlan> plans(int sharers, int pages) {
            return List.of(
                    new OperationPlan(sharers, pages, 1, Operation.UNSHARE),
                    new OperationPlan(sharers, pages, 1, Operation.STORE_AFTER_FORK));
        }
    },
    /// Whom a change must flush, by numbers of sharers and harts.
    FLUSH(
            List.of("private", "msharefs", "mshare-2026"),
            List.of(1, 2, 4, 8, 16, 32, 64),
            List.of(16),
            List.of(1, 2, 4, 8, 16)) {
        @Override
        List<OperationPlan> plans(int sharers, int pages) {
            return List.of(new OperationPlan(sharers, pages, 2, Operation.FLUSH));
        }
    };

    private final List<String> designs;
    private final List<Integer> sharers;
    private final List<Integer> pages;
    private final List<Integer> harts;

    CostExperiment(List<String> designs, List<Integer> sharers, List<Integer> pages, List<Integer> harts) {
        this.designs = designs;
        this.sharers = sharers;
        this.pages = pages;
        this.harts = harts;
    }

    /// Returns the runs of the guest for each number of sharers and pages.
    abstract List<OperationPlan> plans(int sharers, int pages);

    List<String> designs() {
        return designs;
    }

    List<Integer> sharers() {
        return sharers;
    }

    List<Integer> pages() {
        return pages;
    }

    List<Integer> harts() {
        return harts;
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
