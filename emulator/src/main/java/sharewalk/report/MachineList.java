package sharewalk.report;

import java.util.ArrayList;
import java.util.List;
import sharewalk.machine.Figure;
import sharewalk.machine.Machine;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.tlb.TlbHierarchyGeometry;

/// Machine profiles as a table, and one of them figure by figure.
public final class MachineList {
    private MachineList() {}

    /// Returns the table, a line for each machine.
    public static String render(List<Machine> machines) {
        TextTable table = new TextTable();
        table.addNames("machine");
        table.addNames("ISA");
        table.addFigures("L1I");
        table.addFigures("L1D");
        table.addFigures("L2");
        table.addFigures("ASID bits");
        table.addFigures("guesses");
        table.addNames("what it is");
        for (Machine machine : machines) {
            table.addRow(cells(machine));
        }
        return table.render();
    }

    private static List<String> cells(Machine machine) {
        MachineProfile hardware = machine.hardware();
        return List.of(
                machine.name(),
                isa(machine),
                Integer.toString(hardware.l1i().entries()),
                Integer.toString(hardware.l1d().entries()),
                Integer.toString(hardware.l2().entries()),
                Integer.toString(hardware.asidBits()),
                "%d of %d".formatted(machine.guesses(), machine.figures().size()),
                machine.title());
    }

    /// Returns the lines of a Markdown table, for the README.
    static List<String> markdown(List<Machine> machines) {
        List<String> lines = new ArrayList<>(List.of(
                "| machine | ISA | L1I | L1D | L2 | walk cache | ASID bits | guesses | what it is |",
                "|---|---|---|---|---|---|---|---|---|"));
        for (Machine machine : machines) {
            MachineProfile hardware = machine.hardware();
            lines.add("| `%s` | %s | %s | %s | %s | %s | %d | %d of %d | %s |"
                    .formatted(
                            machine.name(),
                            isa(machine),
                            hardware.l1i(),
                            hardware.l1d(),
                            secondLevel(hardware.tlbs()),
                            hardware.walkCache(),
                            hardware.asidBits(),
                            machine.guesses(),
                            machine.figures().size(),
                            machine.title()));
        }
        return lines;
    }

    /// Returns the second level, or both of them.
    static String secondLevel(TlbHierarchyGeometry tlbs) {
        return tlbs.l2i() == null ? tlbs.l2().toString() : tlbs.l2() + " (fetches " + tlbs.l2i() + ")";
    }

    private static String isa(Machine machine) {
        return machine.isa() == null ? "any" : machine.isa().name();
    }

    /// Returns one machine with what each of its figures rests on.
    public static String explain(Machine machine) {
        String source = machine.fromFile() == null ? "" : " from " + machine.fromFile();
        StringBuilder text = new StringBuilder(
                "%s%s: %s\n\n%s\n\n".formatted(machine.name(), source, machine.title(), machine.description()));
        int keyWidth = width(machine.figures().stream().map(Figure::key).toList());
        int valueWidth = width(machine.figures().stream().map(Figure::value).toList());
        String line = "%-" + keyWidth + "s  %-" + valueWidth + "s  %s%n";
        for (Figure figure : machine.figures()) {
            String basis = figure.isGuess() ? "GUESS: " + figure.basis() : figure.basis();
            text.append(line.formatted(figure.key(), figure.value(), basis));
        }
        return text.append(
                        "\n%d of %d figures are guesses. Costs are cycles of the clock: at least, most likely, at most.\n"
                                .formatted(machine.guesses(), machine.figures().size()))
                .toString();
    }

    private static int width(List<String> words) {
        return words.stream().mapToInt(String::length).max().orElse(1);
    }
}
