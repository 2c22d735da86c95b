package sharewalk.experiment;

import java.util.List;

/// What came of running one spec: the same for every run of it.
///
/// Reports are pure functions of this value.
///
/// @param ending of the first process, or of the emulator where it could not go on
/// @param phases of all processes together, in the order first reached
/// @param processes by pid
/// @param mappings of all processes together, by name
/// @param walkLevels where walks found entries, of all harts together, the root's level first
/// @param remarks what a reader must know to understand the figures
/// @param warnings what went otherwise than a program could expect
public record RunResult(
        ExperimentSpec spec,
        Provenance provenance,
        Ending ending,
        List<NamedMeasures> phases,
        List<ProcessResult> processes,
        List<NamedMeasures> mappings,
        Measures totals,
        List<WalkLevel> walkLevels,
        List<UnknownSystemCall> unknownSystemCalls,
        List<String> remarks,
        List<String> warnings) {

    /// Returns the result of a run that a defect broke off with nothing measured.
    public static RunResult broken(ExperimentSpec spec, String reason) {
        return new RunResult(
                spec,
                Provenance.ofThisVersion(),
                new Ending.Broken(reason),
                List.of(),
                List.of(),
                List.of(),
                Measures.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /// Returns whether a process reached a phase.
    public boolean hasPhase(String name) {
        return phases.stream().anyMatch(phase -> phase.name().equals(name));
    }

    /// Returns what was measured of a phase, nothing if no process reached it.
    public Measures phase(String name) {
        return phases.stream()
                .filter(phase -> phase.name().equals(name))
                .map(NamedMeasures::measures)
                .findFirst()
                .orElse(Measures.ZERO);
    }
}
