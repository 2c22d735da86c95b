package sharewalk.cli;

import java.io.PrintWriter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sharewalk.machine.Machines;
import sharewalk.report.MachineList;

/// Lists the machine profiles, or explains one.
@Command(
        name = "machines",
        description = "Lists the machine profiles, or explains one figure by figure, with sources and guesses.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sharewalk machines",
            "  sharewalk machines u74",
            "  sharewalk machines --yaml u74 >mine.yaml     (change it, then run --machine mine.yaml)"
        })
final class MachinesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--names", description = "Only the names, one a line.")
    private boolean namesOnly;

    @Option(names = "--yaml", paramLabel = "NAME", description = "Print the file of a shipped profile.")
    private @Nullable String yaml;

    @Parameters(arity = "0..1", paramLabel = "NAME|FILE", description = "The profile to explain.")
    private @Nullable String machine;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(answer());
        out.flush();
    }

    private String answer() {
        if (Stream.of(namesOnly, yaml != null, machine != null)
                        .filter(chosen -> chosen)
                        .count()
                > 1) {
            throw CommandFailure.usage("--names, --yaml and the name of a machine cannot be used together.");
        }
        @Nullable String shown = yaml;
        if (shown != null) {
            return Machines.text(shown).orElseThrow(() -> MachineChoice.unknown(shown));
        }
        if (machine != null) {
            return MachineList.explain(MachineChoice.named(machine));
        }
        return namesOnly ? String.join("\n", Machines.names()) + "\n" : MachineList.render(Machines.all());
    }
}
