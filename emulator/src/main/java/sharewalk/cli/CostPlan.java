package sharewalk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationPlan;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.Machine;

/// The options that say which operations are priced where, and the runs that follow from them.
final class CostPlan {
    private static final int MOST_SHARERS = 1024;
    private static final int MOST_PAGES = 1 << 20;

    @Option(
            names = "--designs",
            paramLabel = "NAME",
            split = ",",
            description =
                    "The designs as NAME or NAME:VARIANT, or all (all; of flush: private, msharefs, mshare-2026).")
    private @Nullable List<String> designs;

    @Option(
            names = "--sharers",
            paramLabel = "N",
            split = ",",
            description =
                    "Numbers of processes that share the region (1,2,8,64,512; of unshare: 2; of flush: 1 to 64).")
    private @Nullable List<Integer> sharers;

    @Option(
            names = "--pages",
            paramLabel = "N",
            split = ",",
            description = "Pages of the working set (64, half of them in each of two blocks of 2 MiB; of unshare: 1 to"
                    + " 512 in one block; of flush: 16).")
    private @Nullable List<Integer> pages;

    @Option(
            names = "--only",
            paramLabel = "OPERATION",
            split = ",",
            description = "These operations of the experiment 'operations' alone, by their names in the table.")
    private @Nullable List<String> only;

    @Option(
            names = "--isa",
            paramLabel = "ISA",
            description = "riscv64, x86_64 or both (that of the machine, else both).")
    private @Nullable String isa;

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    /// Returns the runs of an experiment, in the order in which reports list them.
    List<Sweep.Run<OperationRun>> runs(CostExperiment experiment) {
        List<Sweep.Run<OperationRun>> runs = new ArrayList<>();
        List<OperationPlan> plans = plans(experiment);
        for (Machine origin : machineOptions.origins()) {
            for (GuestIsa each : isas(origin)) {
                for (OperationPlan plan : plans) {
                    for (MachineSpec machine : machines(experiment, each, origin)) {
                        for (String design : designs(experiment, machine)) {
                            runs.add(run(plan, machine, origin, design));
                        }
                    }
                }
            }
        }
        return runs;
    }

    private List<OperationPlan> plans(CostExperiment experiment) {
        List<OperationPlan> plans = new ArrayList<>();
        for (int count : given("--sharers", sharers, experiment.sharers(), MOST_SHARERS)) {
            for (int each : given("--pages", pages, experiment.pages(), MOST_PAGES)) {
                plans.addAll(experiment.plans(count, each));
            }
        }
        if (only == null) {
            return plans;
        }
        if (experiment != CostExperiment.OPERATIONS) {
            throw CommandFailure.usage("--only is for the experiment 'operations'.");
        }
        Set<Operation> operations = Listed.once("--only", "operation", only).stream()
                .map(name -> Operation.named(name).orElseThrow(() -> CommandFailure.usage(noOperation(name))))
                .collect(Collectors.toSet());
        return plans.stream()
                .map(plan -> new OperationPlan(plan.sharers(), plan.pages(), plan.blocks(), operations))
                .toList();
    }

    private static String noOperation(String name) {
        return "There is no operation '%s'; there are %s."
                .formatted(
                        name, Stream.of(Operation.values()).map(Operation::key).collect(Collectors.joining(", ")));
    }

    private static List<Integer> given(String option, @Nullable List<Integer> asked, List<Integer> usual, int most) {
        if (asked == null) {
            return usual;
        }
        List<Integer> numbers = Listed.once(option, "number", asked);
        for (int number : numbers) {
            if (number < 1 || number > most) {
                throw CommandFailure.usage("%s must be between 1 and %d, not %d.".formatted(option, most, number));
            }
        }
        return numbers;
    }

    private List<GuestIsa> isas(Machine origin) {
        if (isa == null) {
            return GuestIsa.all().stream()
                    .filter(each -> !origin.isForeignTo(each))
                    .toList();
        }
        return isa.equals("both") ? GuestIsa.all() : List.of(MachineOptions.isa(isa));
    }

    private List<MachineSpec> machines(CostExperiment experiment, GuestIsa each, Machine origin) {
        return experiment.harts().stream()
                .map(count -> machineOptions.machine(each, origin, count))
                .distinct()
                .toList();
    }

    /// The designs asked for; of those that are meant unless told, the ones that there are for the machine.
    private List<String> designs(CostExperiment experiment, MachineSpec machine) {
        if (designs != null && !designs.contains(DesignOptions.ALL)) {
            return DesignOptions.texts(designs).stream()
                    .filter(text -> DesignOptions.design(text, machine.paging()) != null)
                    .toList();
        }
        List<String> usual = designs == null ? experiment.designs() : designs;
        return Designs.all().stream()
                .filter(design -> usual.contains(DesignOptions.ALL) || usual.contains(design.name()))
                .filter(design -> design.supports(machine.paging()))
                .map(SharingDesign::name)
                .toList();
    }

    private Sweep.Run<OperationRun> run(OperationPlan plan, MachineSpec machine, Machine origin, String design) {
        ProgramFinder.Found found = ProgramFinder.installed().find(OperationPlan.PROGRAM, machine.isa());
        String name = DesignOptions.named(design).name();
        GuestCommand command = new GuestCommand(
                found.file(),
                OperationPlan.PROGRAM,
                plan.arguments(machine.harts()),
                new GuestOptions().environment(name));
        ExperimentSpec spec = new ExperimentSpec(machine, origin, machineOptions.slices(), design, command, List.of())
                .with(machineOptions.instruments());
        String label = "%s, %s, %d %s, %d %s, %s"
                .formatted(
                        machine.isa().name(),
                        machine.profile().name(),
                        machine.harts(),
                        machine.harts() == 1 ? "hart" : "harts",
                        plan.sharers(),
                        plan.sharers() == 1 ? "sharer" : "sharers",
                        design);
        return new Sweep.Run<>(spec, label, (result, output) -> OperationRun.of(plan, result, output));
    }
}
