package sharewalk.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.ScaleStudy;
import sharewalk.report.ComparisonReport;
import sharewalk.report.ScaleReport;

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
            "  sharewalk compare --designs all --processes 8 --save-spec all.yaml",
            "  sharewalk compare --spec all.yaml --json figures.json",
            "  sharewalk compare --preset oracle --isa x86_64",
            "  sharewalk compare --processes 1,8 -- shared-buffer --processes {N} --pages 4096 --readers"
        })
final class CompareCommand implements Callable<Integer> {
    /// What may stand beside a saved comparison: where results go.
    private static final List<String> BESIDE_SPEC =
            List.of("--spec", "--save-spec", "--progress", "--json", "--csv", "--debug");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--designs",
            paramLabel = "NAME",
            split = ",",
            description = "The designs as NAME or NAME:VARIANT, the one to measure against first, or all"
                    + " (private,hugetlb,thp,msharefs).")
    private @Nullable List<String> designs;

    @Option(
            names = "--processes",
            paramLabel = "N",
            split = ",",
            description = "Numbers of processes (1,2,4,8,16): each is put in place of " + Comparison.PROCESSES_MARK
                    + " in the arguments.")
    private @Nullable List<Integer> processes;

    @Option(names = "--isa", paramLabel = "ISA", description = "riscv64, x86_64 or both (both; that of a file).")
    private @Nullable String isa;

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    /// Makes the options known; what they say is read from the comparison that they become a part of.
    @Mixin
    @SuppressWarnings("UnusedVariable")
    private final GuestOptions guestOptions = new GuestOptions();

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "A shipped comparison; what other options say replaces what is in it. oracle: page tables of"
                    + " a region of 300 GB with 1,500 clients.")
    private @Nullable String preset;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "Make a saved comparison again; only the options of output go with it.")
    private @Nullable Path specFile;

    @Option(names = "--save-spec", paramLabel = "FILE", description = "Write the whole comparison to a file of YAML.")
    private @Nullable Path savedSpec;

    @Mixin
    private final ProgressOption progressOption = new ProgressOption();

    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure of every run to a file as JSON.")
    private @Nullable Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the table to a file as CSV.")
    private @Nullable Path csv;

    @Parameters(paramLabel = "PROGRAM ARGUMENTS", description = "A program and its arguments.")
    private List<String> words = List.of();

    /// The reports of a comparison.
    private record Reports(String text, String json, String csv, boolean succeeded, Sweep.Results<?> results) {}

    @Override
    public Integer call() {
        OutputFile.requireDifferent("--json", json, "--csv", csv);
        OutputFile.requireDifferent("--json", json, "--save-spec", savedSpec);
        OutputFile.requireDifferent("--csv", csv, "--save-spec", savedSpec);
        @Nullable OutputFile jsonFile = json == null ? null : OutputFile.at(json);
        @Nullable OutputFile csvFile = csv == null ? null : OutputFile.at(csv);
        @Nullable OutputFile savedFile = savedSpec == null ? null : OutputFile.at(savedSpec);
        ComparisonSpec chosen = specFile == null ? described() : saved(specFile);
        List<ComparisonPlan.Planned> plan = plan(chosen);
        if (savedFile != null) {
            savedFile.write(SpecText.of(chosen));
        }
        try (Interruption interruption = Interruption.listen()) {
            Reports reports = reports(chosen, plan, interruption);
            if (!reports.results().kept().isEmpty()) {
                PrintWriter out = spec.commandLine().getOut();
                out.print(reports.text());
                out.flush();
                if (jsonFile != null) {
                    jsonFile.write(reports.json());
                }
                if (csvFile != null) {
                    csvFile.write(reports.csv());
                }
            }
            return reports.results()
                    .conclude(reports.succeeded(), spec.commandLine().getErr());
        }
    }

    private ComparisonSpec saved(Path file) {
        ParseResult parsed = spec.commandLine().getParseResult();
        Stream<String> others = parsed.matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !BESIDE_SPEC.contains(name));
        Stream.concat(others, words.stream().limit(1).map(word -> "a program"))
                .findFirst()
                .ifPresent(other -> {
                    throw CommandFailure.usage(
                            "--spec %s says all there is to say; %s cannot be used with it.".formatted(file, other));
                });
        return SpecFile.read(file);
    }

    private ComparisonSpec described() {
        ComparisonSpec base = preset == null ? ComparisonSpec.ofDefault() : SpecFile.preset(preset);
        ParseResult parsed = spec.commandLine().getParseResult();
        if (preset != null && !words.isEmpty()) {
            throw CommandFailure.usage("--preset %s has a program; none can be given with it.".formatted(preset));
        }
        if (!words.isEmpty()) {
            base = base.withProgram(words);
        }
        if (designs != null) {
            base = base.withDesigns(DesignOptions.texts(designs));
        }
        if (processes != null) {
            base = base.withProcesses(checkedProcesses(base, processes));
        }
        if (isa != null) {
            base = base.withIsa(
                    isa.equals(SpecFile.BOTH) ? isa : MachineOptions.isa(isa).name());
        }
        if (parsed.hasMatchedOption("--machine")) {
            base = base.withMachines(machineOptions.chosen());
        }
        return base.withOptions(SpecOptions.given(parsed));
    }

    private static List<Integer> checkedProcesses(ComparisonSpec base, List<Integer> counts) {
        if (base.target() != null) {
            throw CommandFailure.usage("--processes cannot be used with a preset that has sizes of its own.");
        }
        List<Integer> chosen = Listed.once("--processes", "number", counts);
        for (int count : chosen) {
            if (count < 1 || count > ComparisonSpec.MOST_PROCESSES) {
                throw CommandFailure.usage("--processes must be between 1 and %d, not %d."
                        .formatted(ComparisonSpec.MOST_PROCESSES, count));
            }
        }
        return chosen;
    }

    private List<ComparisonPlan.Planned> plan(ComparisonSpec chosen) {
        try {
            return ComparisonPlan.of(chosen);
        } catch (CommandFailure e) {
            if (specFile == null) {
                throw e;
            }
            throw new CommandFailure(e.exitStatus(), "%s: %s".formatted(specFile, e.getMessage()));
        }
    }

    private Reports reports(ComparisonSpec chosen, List<ComparisonPlan.Planned> plan, Interruption interruption) {
        Progress progress = progressOption.of(plan.size(), spec.commandLine().getErr());
        String program = String.join(" ", chosen.program());
        if (chosen.target() == null) {
            List<Sweep.Run<Comparison.Row>> runs =
                    plan.stream().map(CompareCommand::row).toList();
            Sweep.Results<Comparison.Row> results = new Sweep<>(runs, progress, interruption::requested).results();
            Comparison comparison = new Comparison(program, chosen.designs().getFirst(), results.kept());
            return new Reports(
                    ComparisonReport.render(comparison),
                    ComparisonReport.json(comparison),
                    ComparisonReport.csv(comparison),
                    comparison.succeeded(),
                    results);
        }
        List<Sweep.Run<ScaleStudy.Run>> runs = new ArrayList<>();
        for (ComparisonPlan.Planned each : plan) {
            runs.add(new Sweep.Run<>(
                    each.experiment(), each.label(), (result, output) -> ScaleStudy.Run.of(each.point(), result)));
        }
        Sweep.Results<ScaleStudy.Run> results = new Sweep<>(runs, progress, interruption::requested).results();
        ScaleStudy study = new ScaleStudy(program, chosen.target(), chosen.points(), results.kept());
        return new Reports(
                ScaleReport.render(study), ScaleReport.json(study), ScaleReport.csv(study), study.succeeded(), results);
    }

    private static Sweep.Run<Comparison.Row> row(ComparisonPlan.Planned planned) {
        return new Sweep.Run<>(
                planned.experiment(),
                planned.label(),
                (result, output) -> new Comparison.Row(
                        planned.experiment().machine().isa().name(),
                        planned.point().processes(),
                        planned.experiment().design(),
                        result,
                        output));
    }
}
