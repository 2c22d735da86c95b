package sharewalk.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.ScalePoint;
import sharewalk.machine.Machines;

/// A whole comparison, as it is saved and replayed: what determines every byte of its reports.
///
/// @param program and its arguments, with marks for what differs between runs
/// @param programDigest the SHA-256 of a program that is a file of the user's, else empty
/// @param designs as `NAME` or `NAME:VARIANT`, the one to measure against first
/// @param points the processes of each run, and for a study of scale the size of the region
/// @param target what a study of scale extrapolates to, or null for a comparison
/// @param isa as the user chose: `riscv64`, `x86_64`, `both`, or empty for what suits program and machine
/// @param options of machine and guest: names without dashes, and their values in words
record ComparisonSpec(
        List<String> program,
        String programDigest,
        List<String> designs,
        List<ScalePoint> points,
        @Nullable ScalePoint target,
        String isa,
        List<ChosenMachine> machines,
        SequencedMap<String, List<String>> options) {
    /// The most processes of a run.
    static final int MOST_PROCESSES = 4096;

    ComparisonSpec {
        program = List.copyOf(program);
        designs = List.copyOf(designs);
        points = List.copyOf(points);
        machines = List.copyOf(machines);
        options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
    }

    /// Returns the comparison of a command without a word.
    static ComparisonSpec ofDefault() {
        return new ComparisonSpec(
                List.of("shared-buffer", "--processes", Comparison.PROCESSES_MARK, "--pages", "1024"),
                "",
                List.of("private", "hugetlb", "thp", "msharefs"),
                points(List.of(1, 2, 4, 8, 16)),
                null,
                "",
                List.of(ChosenMachine.named(Machines.DEFAULT)),
                SpecOptions.defaults());
    }

    /// Returns the points of a comparison by processes alone.
    static List<ScalePoint> points(List<Integer> processes) {
        return processes.stream().map(count -> new ScalePoint(count, 0)).toList();
    }

    ComparisonSpec withProgram(List<String> words) {
        return new ComparisonSpec(
                words, ProgramDigest.of(words.getFirst()), designs, points, target, isa, machines, options);
    }

    ComparisonSpec withDesigns(List<String> texts) {
        return new ComparisonSpec(program, programDigest, texts, points, target, isa, machines, options);
    }

    ComparisonSpec withProcesses(List<Integer> processes) {
        return new ComparisonSpec(program, programDigest, designs, points(processes), null, isa, machines, options);
    }

    ComparisonSpec withIsa(String text) {
        return new ComparisonSpec(program, programDigest, designs, points, target, text, machines, options);
    }

    ComparisonSpec withMachines(List<ChosenMachine> chosen) {
        return new ComparisonSpec(program, programDigest, designs, points, target, isa, chosen, options);
    }

    /// Returns this comparison with more options, which replace those of the same name.
    ComparisonSpec withOptions(SequencedMap<String, List<String>> more) {
        SequencedMap<String, List<String>> all = new LinkedHashMap<>(options);
        all.putAll(more);
        return new ComparisonSpec(program, programDigest, designs, points, target, isa, machines, all);
    }
}
