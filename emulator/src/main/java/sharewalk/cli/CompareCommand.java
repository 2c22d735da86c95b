package sharewalk.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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
import sharewalk.experiment.Comparison;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.machine.Machine;
import sharewalk.report.ComparisonReport;

/// Runs one program under several designs and shows the figures side by side.
@Command(
        name = "compare",
        description = {
            "Runs a program under several sharing designs and shows the figures side by side.",
            "",
            "Without a program: the shared-buffer workload, in which processes read and write one region.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "sharewalk compare [OPTIONS] [[--] PROGRAM [ARGUMENTS]]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sharewalk compare",
            "  sharewalk compare --isa riscv64 --processes 2,64 --l1d 1x32:random --csv figures.csv",
            "  sharewalk compare --machine u74,c910 --processes 8",
            "  sharewalk compare --processes 1,8 -- shared-buffer --processes {N} --pages 4096 --readers"
        })
final class CompareCommand implements Callable<Integer> {
    private static final List<String> WORKLOAD =
            List.of("shared-buffer", "--processes", Comparison.PROCESSES_MARK, "--pages", "1024");
    private static final int MOST_PROCESSES = 4096;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--designs",
            paramLabel = "NAME",
            split = ",",
            description = "The designs as NAME or NAME:VARIANT, the one to measure against first, or all"
                    + " (private,msharefs).")
    private List<String> designs = List.of("private", "msharefs");

    @Option(
            names = "--processes",
            paramLabel = "N",
            split = ",",
            description = "Numbers of processes (1,2,4,8,16): each is put in place of " + Comparison.PROCESSES_MARK
                    + " in the arguments.")
    private List<Integer> processes = List.of(1, 2, 4, 8, 16);

    @Option(names = "--isa", paramLabel = "ISA", description = "riscv64, x86_64 or both (both; that of a file).")
    private @Nullable String isa;

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    @Mixin
    private final GuestOptions guestOptions = new GuestOptions();

    @Mixin
    private final ProgressOption progressOption = new ProgressOption();

    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure of every run to a file as JSON.")
    private @Nullable Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the table to a file as CSV.")
    private @Nullable Path csv;

    @Parameters(paramLabel = "PROGRAM ARGUMENTS", description = "A program and its arguments.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        OutputFile.requireDifferent("--json", json, "--csv", csv);
        @Nullable OutputFile jsonFile = json == null ? null : OutputFile.at(json);
        @Nullable OutputFile csvFile = csv == null ? null : OutputFile.at(csv);
        List<String> command = words.isEmpty() ? WORKLOAD : words;
        checkOptions();
        List<Sweep.Run<Comparison.Row>> plan = plan(command);
        Progress progress = progressOption.of(plan.size(), spec.commandLine().getErr());
        Comparison comparison = new Comparison(String.join(" ", command), new Sweep<>(plan, progress).results());
        PrintWriter out = spec.commandLine().getOut();
        out.print(ComparisonReport.render(comparison));
        out.flush();
        if (jsonFile != null) {
            jsonFile.write(ComparisonReport.json(comparison));
        }
        if (csvFile != null) {
            csvFile.write(ComparisonReport.csv(comparison));
        }
        return comparison.succeeded() ? 0 : CommandFailure.FAILED;
    }

    private void checkOptions() {
        for (int count : processes) {
            if (count < 1 || count > MOST_PROCESSES) {
                throw CommandFailure.usage(
                        "--processes must be between 1 and %d, not %d.".formatted(MOST_PROCESSES, count));
            }
        }
        designs = DesignOptions.texts(designs);
    }

    private List<Sweep.Run<Comparison.Row>> plan(List<String> command) {
        List<Sweep.Run<Comparison.Row>> plan = new ArrayList<>();
        List<Machine> origins = machineOptions.origins();
        for (GuestIsa each : isas(command.getFirst())) {
            ProgramFinder.Found found = ProgramFinder.installed().find(command.getFirst(), each);
            for (Machine origin : origins) {
                // Another ISA's machine is a thought experiment, for those who ask for it.
                if (isa != null || !origin.isForeignTo(each)) {
                    plan.addAll(planned(found, origin, command));
                }
            }
        }
        if (plan.isEmpty()) {
            throw CommandFailure.usage(
                    "The program is of another instruction set than the machine; --isa says that this is meant.");
        }
        return plan;
    }

    private List<Sweep.Run<Comparison.Row>> planned(ProgramFinder.Found found, Machine origin, List<String> command) {
        List<Sweep.Run<Comparison.Row>> plan = new ArrayList<>();
        MachineSpec machine = machineOptions.machine(found.isa(), origin);
        for (int count : processes) {
            for (String design : designs) {
                ExperimentSpec experiment = new ExperimentSpec(
                                machine,
                                origin,
                                machineOptions.slices(),
                                design,
                                guest(
                                        found,
                                        count,
                                        DesignOptions.design(design, machine.paging())
                                                .name(),
                                        command),
                                guestOptions.directories())
                        .with(machineOptions.instruments());
                plan.add(run(experiment, count));
            }
        }
        return plan;
    }

    private static Sweep.Run<Comparison.Row> run(ExperimentSpec experiment, int count) {
        String isa = experiment.machine().isa().name();
        String label = "%s, %s, %d %s, %s"
                .formatted(
                        isa,
                        experiment.machine().profile().name(),
                        count,
                        count == 1 ? "process" : "processes",
                        experiment.design());
        return new Sweep.Run<>(
                experiment,
                label,
                (result, output) -> new Comparison.Row(isa, count, experiment.design(), result, output));
    }

    private GuestCommand guest(ProgramFinder.Found found, int count, String design, List<String> command) {
        List<String> arguments = command.subList(1, command.size()).stream()
                .map(argument -> argument.replace(Comparison.PROCESSES_MARK, Integer.toString(count)))
                .toList();
        return new GuestCommand(found.file(), command.getFirst(), arguments, guestOptions.environment(design));
    }

    private List<GuestIsa> isas(String program) {
        if (isa == null && program.contains("/")) {
            return List.of(ProgramFinder.installed().find(program, null).isa());
        }
        return isa == null || isa.equals("both") ? GuestIsa.all() : List.of(MachineOptions.isa(isa));
    }
}
