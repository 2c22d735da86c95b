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
import picocli.CommandLine.Spec;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.report.FlushReport;
import sharewalk.report.OperationFiles;
import sharewalk.report.OperationReport;
import sharewalk.report.UnshareCurve;

/// Prices operations on a shared region under each design.
@Command(
        name = "cost",
        description = {
            "Shows what operations on a shared region take under each sharing design, and what they leave behind.",
            "",
            "Experiments:",
            "  operations  every operation, by numbers of sharers (the usual one)",
            "  unshare     what leaving shared tables costs, by the number of entries in them: a curve",
            "  flush       one page taken from all: whom each design flushes, by numbers of sharers and harts",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sharewalk cost --designs private,msharefs --sharers 1,8 --isa x86_64",
            "  sharewalk cost --machine zen4 --only protect-for-all --csv figures.csv",
            "  sharewalk cost --experiment unshare",
            "  sharewalk cost --experiment flush --sharers 16"
        })
final class CostCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            description = "operations, unshare or flush (${DEFAULT-VALUE}).")
    private String experiment = "operations";

    @Mixin
    private final CostPlan plan = new CostPlan();

    @Mixin
    private final ProgressOption progressOption = new ProgressOption();

    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure to a file as JSON.")
    private @Nullable Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write every figure to a file as CSV.")
    private @Nullable Path csv;

    @Override
    public Integer call() {
        CostExperiment chosen = CostExperiment.named(experiment);
        OutputFile.requireDifferent("--json", json, "--csv", csv);
        @Nullable OutputFile jsonFile = json == null ? null : OutputFile.at(json);
        @Nullable OutputFile csvFile = csv == null ? null : OutputFile.at(csv);
        List<Sweep.Run<OperationRun>> planned = plan.runs(chosen);
        try (Interruption interruption = Interruption.listen()) {
            PrintWriter err = spec.commandLine().getErr();
            Progress progress = progressOption.of(planned.size(), err);
            Sweep.Results<OperationRun> results = new Sweep<>(planned, progress, interruption::requested).results();
            List<OperationRun> runs = results.kept();
            if (!runs.isEmpty()) {
                PrintWriter out = spec.commandLine().getOut();
                out.print(render(chosen, runs));
                out.flush();
                if (jsonFile != null) {
                    jsonFile.write(OperationFiles.json(runs));
                }
                if (csvFile != null) {
                    csvFile.write(OperationFiles.csv(runs));
                }
            }
            return results.conclude(runs.stream().allMatch(run -> run.trouble().isEmpty()), err);
        }
    }

    private static String render(CostExperiment experiment, List<OperationRun> runs) {
        return switch (experiment) {
            case OPERATIONS -> OperationReport.render(runs);
            case UNSHARE -> UnshareCurve.render(runs);
            case FLUSH -> FlushReport.render(runs);
        };
    }
}
