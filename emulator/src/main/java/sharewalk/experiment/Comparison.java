package sharewalk.experiment;

import java.util.List;
import java.util.Optional;

/// One program run under several designs with several numbers of processes.
///
/// @param program and its arguments, as the user wrote them
/// @param baseDesign the design that the others are measured against
/// @param rows in the order they are shown: by ISA, machine, number of processes, design; those of an interrupted
///     comparison are what was finished
public record Comparison(String program, String baseDesign, List<Row> rows) {
    /// The marker in an argument that stands for the number of processes.
    public static final String PROCESSES_MARK = "{N}";

    /// The phase compared where a program has it.
    public static final String STEADY_PHASE = "steady";

    public Comparison {
        rows = List.copyOf(rows);
    }

    /// A run of the comparison.
    ///
    /// @param output what the guest printed
    public record Row(String isa, int processes, String design, RunResult result, String output) {
        /// Returns how far the design got: `mainline`, `posting` or `proposal`.
        public String kind() {
            return result.spec().sharing().kind().word();
        }

        /// Returns the name of the machine.
        public String machine() {
            return result.spec().machine().profile().name();
        }

        /// Returns what was measured in the steady phase; of the whole run where it has none.
        public Measures steady() {
            return result.hasPhase(STEADY_PHASE) ? result.phase(STEADY_PHASE) : result.totals();
        }

        /// Returns what was measured in the shared regions; nothing where there is none.
        public Measures region() {
            Measures sum = Measures.ZERO;
            for (NamedMeasures mapping : result.mappings()) {
                if (SharedRegions.isRegion(mapping.name())) {
                    sum = sum.plus(mapping.measures());
                }
            }
            return sum;
        }

        /// Returns whether the program ended well.
        public boolean succeeded() {
            return result.ending() instanceof Ending.Exited(int code) && code == 0;
        }
    }

    /// Returns the row that another is measured against: the same under the design named first, if that was finished
    /// and is not broken.
    public Optional<Row> baseOf(Row row) {
        return rows.stream()
                .filter(other -> other.isa().equals(row.isa())
                        && other.machine().equals(row.machine())
                        && other.processes() == row.processes()
                        && other.design().equals(baseDesign)
                        && !(other.result().ending() instanceof Ending.Broken))
                .findFirst();
    }

    /// Returns whether every program ended well and printed the same under every design.
    public boolean succeeded() {
        return rows.stream().allMatch(row -> row.succeeded() && printsAsBase(row));
    }

    /// Returns whether a program printed the same under the design named first, as far as that is known.
    public boolean printsAsBase(Row row) {
        return baseOf(row).map(base -> base.output().equals(row.output())).orElse(true);
    }
}
