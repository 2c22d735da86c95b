package sharewalk.experiment.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sharewalk.experiment.Ending;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;
import sharewalk.experiment.NamedMeasures;
import sharewalk.experiment.RunResult;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterSnapshot;

/// A run of the guest program `operations`, read: what each operation took.
///
/// @param trouble why the run is not whole, empty if it is
public record OperationRun(ExperimentSpec spec, OperationPlan plan, List<OperationCost> costs, String trouble) {
    private static final Pattern MADE = Pattern.compile("made by (\\d+)(?:, (.*))?");
    private static final Pattern REFUSED = Pattern.compile("refused: (\\w+)(?:, (.*))?");
    private static final String FOR_ALL = "for all";

    /// The program's mappings that are no region: some designs share their tables too. What is in neither is a region,
    /// or a design's own name for tables of regions.
    private static final Set<String> OTHER_MAPPINGS = Set.of(
            "/bin/" + OperationPlan.PROGRAM,
            "shared anonymous",
            "[anon]",
            "[heap]",
            "[root]",
            "[stack]",
            "[vdso]",
            "(none)");

    /// What the program says apart of mprotect by one sharer.
    private static final String REACH_SUFFIX = " reach";
    private static final String REACH = Operation.UNSHARE.key() + REACH_SUFFIX;

    public OperationRun {
        costs = List.copyOf(costs);
    }

    /// Reads a run.
    ///
    /// @param output what the program printed
    public static OperationRun of(OperationPlan plan, RunResult result, String output) {
        Map<String, String> told = told(output);
        String trouble = result.ending() instanceof Ending.Exited(int code) && code == 0
                ? ""
                : result.ending().describe();
        Reading reading = new Reading(plan, result, told, trouble);
        List<OperationCost> costs = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            if (plan.includes(operation)) {
                costs.add(reading.cost(operation));
            }
        }
        return new OperationRun(result.spec(), plan, costs, trouble);
    }

    /// Returns what an operation took.
    public OperationCost cost(Operation operation) {
        return costs.stream()
                .filter(cost -> cost.operation() == operation)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(operation + " is not in this run"));
    }

    private static Map<String, String> told(String output) {
        Map<String, String> told = new HashMap<>();
        output.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                String text = line.substring(colon + 2);
                told.put(line.substring(0, colon) + (text.startsWith("for ") ? REACH_SUFFIX : ""), text);
            }
        });
        return told;
    }

    /// A run while it is read.
    private record Reading(OperationPlan plan, RunResult result, Map<String, String> told, String trouble) {
        OperationCost cost(Operation operation) {
            Outcome outcome = outcome(operation);
            if (!(outcome instanceof Outcome.Made)) {
                return new OperationCost(operation, outcome, Measures.ZERO, CounterSnapshot.ZERO, true);
            }
            CounterSnapshot before = phase(operation, " before");
            CounterSnapshot settled = phase(operation, " settled");
            CounterSnapshot aftermath = operation.hasAftermath()
                    ? phase(operation, " after").minus(before).plus(settled.minus(before))
                    : CounterSnapshot.ZERO;
            return new OperationCost(
                    operation,
                    outcome,
                    result.phase(operation.key()),
                    aftermath,
                    settled.get(Counter.L2_MISS) == before.get(Counter.L2_MISS)
                            && settled.get(Counter.FAULT) == before.get(Counter.FAULT));
        }

        private CounterSnapshot phase(Operation operation, String suffix) {
            return result.phase(operation.key() + suffix).counts();
        }

        private Outcome outcome(Operation operation) {
            String text = told.getOrDefault(operation.key(), "");
            Matcher made = MADE.matcher(text);
            if (made.matches() && operation == Operation.UNSHARE) {
                if (!sharesTables()) {
                    return new Outcome.Absent("no tables are shared");
                }
                if (isForAll()) {
                    return new Outcome.Absent("mprotect by one is for all");
                }
            }
            if (made.matches()) {
                String how = operation == Operation.MPROTECT && isForAll() ? FOR_ALL : words(made);
                return new Outcome.Made(Integer.parseInt(made.group(1)), how);
            }
            Matcher refused = REFUSED.matcher(text);
            if (refused.matches()) {
                return new Outcome.Refused(refused.group(1), words(refused));
            }
            if (operation == Operation.LINK_FAULT && plan.sharers() == 1) {
                return new Outcome.Absent("one sharer alone");
            }
            if (text.equals("not made")) {
                return new Outcome.Absent("what comes before it was refused");
            }
            return new Outcome.Absent(trouble.isEmpty() ? "the program says nothing of it" : "run " + trouble);
        }

        private static String words(Matcher matcher) {
            String how = matcher.group(2);
            return how == null ? "" : how;
        }

        private boolean isForAll() {
            return told.getOrDefault(REACH, "").equals(FOR_ALL);
        }

        private boolean sharesTables() {
            return result.mappings().stream()
                    .filter(mapping -> !OTHER_MAPPINGS.contains(mapping.name()))
                    .map(NamedMeasures::measures)
                    .anyMatch(measures -> measures.get(Metric.SHARED_PAGE_TABLE_BYTES_PEAK) > 0);
        }
    }
}
