package sharewalk.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sharewalk.kernel.share.Designs;
import sharewalk.report.DesignList;

/// Lists the sharing designs, or explains one.
@Command(
        name = "designs",
        description = "Lists the sharing designs: where each comes from and how far it got, what a program must do for"
                + " it, by which rules it shares, and its variants.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  sharewalk designs", "  sharewalk designs msharefs"})
final class DesignsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--names", description = "Only the names, one a line, variants as NAME:VARIANT.")
    private boolean namesOnly;

    @Parameters(arity = "0..1", paramLabel = "NAME[:VARIANT]", description = "The design to explain.")
    private @Nullable String design;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(answer());
        out.flush();
    }

    private String answer() {
        if (namesOnly && design != null) {
            throw CommandFailure.usage("--names and the name of a design cannot be used together.");
        }
        if (design != null) {
            return DesignList.explain(design, DesignOptions.named(design));
        }
        return namesOnly ? DesignList.names(Designs.all()) : DesignList.render(Designs.all());
    }
}
