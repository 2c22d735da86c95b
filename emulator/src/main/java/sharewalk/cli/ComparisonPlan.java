package sharewalk.cli;

import java.util.ArrayList;
import java.util.List;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.ScalePoint;
import sharewalk.experiment.ScaleStudy;
import sharewalk.machine.Machine;

/// The runs that a comparison is made of: by instruction set, machine, size, design.
final class ComparisonPlan {
    private final ComparisonSpec spec;
    private final MachineOptions machineOptions;
    private final GuestOptions guestOptions;

    /// A run to make.
    record Planned(ExperimentSpec experiment, ScalePoint point) {
        /// Returns what it is called while it is waited for.
        String label() {
            return "%s, %s, %d %s%s, %s"
                    .formatted(
                            experiment.machine().isa().name(),
                            experiment.machine().profile().name(),
                            point.processes(),
                            point.processes() == 1 ? "process" : "processes",
                            point.regionBytes() == 0 ? "" : " with " + point.sizeText(),
                            experiment.design());
        }
    }

    private ComparisonPlan(ComparisonSpec spec) {
        this.spec = spec;
        SpecOptions.Meaning meaning = SpecOptions.meaning(spec.options());
        machineOptions = meaning.machine();
        guestOptions = meaning.guest();
    }

    /// Returns the runs of a comparison.
    static List<Planned> of(ComparisonSpec spec) {
        return new ComparisonPlan(spec).runs();
    }

    private List<Planned> runs() {
        if (!spec.programDigest().isEmpty()
                && !spec.programDigest().equals(ProgramDigest.of(spec.program().getFirst()))) {
            throw CommandFailure.failed("%s is not the program that the comparison was saved with."
                    .formatted(spec.program().getFirst()));
        }
        List<Planned> plan = new ArrayList<>();
        List<Machine> origins =
                spec.machines().stream().map(ChosenMachine::machine).toList();
        for (GuestIsa isa : isas()) {
            ProgramFinder.Found found =
                    ProgramFinder.installed().find(spec.program().getFirst(), isa);
            for (Machine origin : origins) {
                // Another ISA's machine is a thought experiment, for those who ask for it.
                if (!spec.isa().isEmpty() || !origin.isForeignTo(isa)) {
                    plan.addAll(planned(found, origin));
                }
            }
        }
        if (plan.isEmpty()) {
            throw CommandFailure.usage(
                    "The program is of another instruction set than the machine; --isa says that this is meant.");
        }
        return plan;
    }

    private List<Planned> planned(ProgramFinder.Found found, Machine origin) {
        List<Planned> plan = new ArrayList<>();
        MachineSpec machine = machineOptions.machine(found.isa(), origin);
        for (ScalePoint point : spec.points()) {
            for (String design : spec.designs()) {
                ExperimentSpec experiment = new ExperimentSpec(
                                machine,
                                origin,
                                machineOptions.slices(),
                                design,
                                guest(
                                        found,
                                        point,
                                        DesignOptions.design(design, machine.paging())
                                                .name()),
                                guestOptions.directories())
                        .with(machineOptions.instruments());
                plan.add(new Planned(experiment, point));
            }
        }
        return plan;
    }

    private GuestCommand guest(ProgramFinder.Found found, ScalePoint point, String design) {
        List<String> words = spec.program();
        List<String> arguments = words.subList(1, words.size()).stream()
                .map(word -> word.replace(Comparison.PROCESSES_MARK, Integer.toString(point.processes())))
                .map(word -> word.replace(ScaleStudy.MEBIBYTES_MARK, Long.toString(point.mebibytes())))
                .toList();
        return new GuestCommand(found.file(), words.getFirst(), arguments, guestOptions.environment(design));
    }

    private List<GuestIsa> isas() {
        String program = spec.program().getFirst();
        if (spec.isa().isEmpty() && program.contains("/")) {
            return List.of(ProgramFinder.installed().find(program, null).isa());
        }
        return spec.isa().isEmpty() || spec.isa().equals(SpecFile.BOTH)
                ? GuestIsa.all()
                : List.of(MachineOptions.isa(spec.isa()));
    }
}
