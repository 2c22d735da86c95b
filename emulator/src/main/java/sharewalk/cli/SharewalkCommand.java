package sharewalk.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command that holds the others.
@Command(
        name = "sharewalk",
        description = "Runs RISC-V and x86-64 Linux programs on an MMU that counts, and compares the ways in which"
                + " processes could share page tables.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        subcommands = {
            RunCommand.class,
            CompareCommand.class,
            CostCommand.class,
            DesignsCommand.class,
            MachinesCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sharewalk run hello",
            "  sharewalk run --isa x86_64 --design msharefs shared-buffer --processes 4",
            "  sharewalk compare"
        })
final class SharewalkCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private boolean debug;

    /// Sets whether a stack trace is wanted.
    @Option(
            names = "--debug",
            description = "Show the stack trace of an unexpected failure.",
            scope = ScopeType.INHERIT)
    void setDebug(boolean wanted) {
        debug = wanted;
        if (wanted) {
            System.setProperty("sharewalk.log", "DEBUG");
        }
    }

    /// Returns whether a stack trace is wanted.
    boolean debug() {
        return debug;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /// Returns the root of a command line.
    static SharewalkCommand rootOf(CommandLine line) {
        CommandLine root = line;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root.getCommand();
    }
}
