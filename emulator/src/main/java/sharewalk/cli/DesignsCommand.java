package sharewalk.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sharewalk.kernel.share.Designs;
import sharewalk.report.DesignList;

/// Lists the sharing designs.
@Command(
        name = "designs",
        description = "Lists the sharing designs, where each comes from and how far it got.",
        mixinStandardHelpOptions = true)
final class DesignsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(DesignList.render(Designs.all()));
        out.flush();
    }
}
