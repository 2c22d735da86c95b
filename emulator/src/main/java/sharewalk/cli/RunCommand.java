package sharewalk.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.Ending;
import sharewalk.experiment.Experiment;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.RunResult;
import sharewalk.machine.Machine;
import sharewalk.report.JsonReport;
import sharewalk.report.TextReport;

/// Runs one program and reports what was counted.
@Command(
        name = "run",
        description = {
            "Runs a program and reports what was counted.",
            "",
            "The program's output goes to standard output, the report to standard error; the exit status is the"
                    + " program's own, 128 + N if signal N killed it.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "sharewalk run [OPTIONS] [--] PROGRAM [ARGUMENTS]",
        exitCodeListHeading = "%nOther exit statuses:%n",
        exitCodeList = {
            "1:The run could not be made or finished.",
            "2:A wrong option.",
            "70:A defect of Sharewalk.",
            "126:The program cannot be run.",
            "127:There is no such program."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sharewalk run hello",
            "  sharewalk run --isa x86_64 --l1d 1x64:lru --json hello.json hello",
            "  sharewalk run --design msharefs -- shared-buffer --processes 8 --pattern zipf",
            "  sharewalk run --machine zen4 --harts 2 hello",
            "  sharewalk run --harts 2 --trace walks.txt ./my-static-program argument",
            "  sharewalk run --dir /usr/share/dict:/dict ./my-static-program /dict/words"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--isa",
            paramLabel = "ISA",
            description =
                    "riscv64 or x86_64 (that of the file; for a bundled program that of the machine, else riscv64).")
    private @Nullable String isa;

    @Option(
            names = "--design",
            paramLabel = "NAME[:VARIANT]",
            description =
                    "How guests share page tables: see 'sharewalk designs' (${DEFAULT-VALUE}). Its name is exported"
                            + " to the guest as " + ExperimentSpec.DESIGN_VARIABLE + ".")
    private String design = "private";

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    @Mixin
    private final GuestOptions guestOptions = new GuestOptions();

    @Option(names = "--stdin", paramLabel = "FILE", description = "Standard input of the guest (the terminal's).")
    private @Nullable Path stdin;

    @Mixin
    private final ReportOptions reportOptions = new ReportOptions();

    @Parameters(index = "0", paramLabel = "PROGRAM", description = "A path, or the name of a bundled guest program.")
    @SuppressWarnings("NullAway.Init")
    private String program;

    @Parameters(index = "1..*", paramLabel = "ARGUMENTS", description = "Its arguments.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        reportOptions.check();
        ExperimentSpec experiment = experiment();
        try (Interruption interruption = Interruption.listen()) {
            return run(experiment, interruption);
        }
    }

    private int report(RunResult result) {
        PrintWriter err = spec.commandLine().getErr();
        if (!reportOptions.quiet()) {
            err.print(TextReport.render(result));
        } else if (result.ending() instanceof Ending.Failed || result.ending() instanceof Ending.Broken) {
            err.println("sharewalk: " + result.ending().describe());
        }
        err.flush();
        return result.ending().shellStatus();
    }

    private int run(ExperimentSpec experiment, Interruption interruption) {
        @Nullable OutputFile json = reportOptions.json();
        try (GuestStreams streams = GuestStreams.open(stdin);
                TraceFile trace = TraceFile.at(reportOptions.trace())) {
            RunResult result =
                    Experiment.run(experiment, streams.streams(), trace.observers(), interruption::requested);
            if (json != null) {
                json.write(JsonReport.render(result));
            }
            @Nullable String problem = trace.problem();
            if (problem != null) {
                spec.commandLine().getErr().println("sharewalk: " + problem);
            }
            int status = report(result);
            return problem != null && status == 0 ? CommandFailure.FAILED : status;
        }
    }

    private ExperimentSpec experiment() {
        Machine origin = machineOptions.origin();
        @Nullable GuestIsa wanted = isa == null ? null : MachineOptions.isa(isa);
        ProgramFinder.Found found = ProgramFinder.installed().find(program, wanted, origin.isa());
        MachineSpec machine = machineOptions.machine(found.isa(), origin);
        String name = DesignOptions.design(design, machine.paging()).name();
        GuestCommand command = new GuestCommand(found.file(), program, arguments, guestOptions.environment(name));
        return new ExperimentSpec(machine, origin, machineOptions.slices(), design, command, guestOptions.directories())
                .with(machineOptions.instruments());
    }
}
