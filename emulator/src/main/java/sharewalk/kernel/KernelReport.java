package sharewalk.kernel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.mmu.count.CounterSnapshot;

/// What a run of the emulated Linux measured: values only.
///
/// @param processes in order of birth; the first is the program the run was asked for
/// @param guestNanoseconds guest time at the end
/// @param hartInstructions retired by each hart
/// @param unknownCalls system calls that were answered with ENOSYS
/// @param tables page-table bytes of the machine
/// @param warnings what went otherwise than programs could expect, as sentences
/// @param trouble why the run ended before its programs did, as a sentence, or null
public record KernelReport(
        List<ProcessReport> processes,
        long guestNanoseconds,
        List<Long> hartInstructions,
        List<UnknownCall> unknownCalls,
        TableBytes tables,
        List<String> warnings,
        @Nullable String trouble) {

    /// A system call number that guests used in vain.
    public record UnknownCall(int number, String name, long count) {}

    /// Page-table bytes of the machine at their peaks: all, and those that several address spaces see; by phase while
    /// any process was in it, and by label of the mapping.
    public record TableBytes(
            long peak,
            long sharedPeak,
            long atEnd,
            Map<String, Long> peakByPhase,
            Map<String, Long> sharedPeakByPhase,
            Map<String, Long> peakByMapping,
            Map<String, Long> sharedPeakByMapping) {}

    /// What one process did.
    ///
    /// @param exit how it ended, or null where the run ended first
    /// @param cells counts by phase, then by mapping, in the order they first appeared
    public record ProcessReport(
            int pid,
            int parentPid,
            String path,
            List<String> arguments,
            @Nullable ExitStatus exit,
            long instructions,
            long tablePeakBytes,
            Map<String, Long> tablePeakByPhase,
            Map<String, Long> tablePeakByMapping,
            Map<String, Map<String, CounterSnapshot>> cells) {

        /// Returns everything counted for the process.
        public CounterSnapshot total() {
            CounterSnapshot sum = CounterSnapshot.ZERO;
            for (String phase : cells.keySet()) {
                sum = sum.plus(phase(phase));
            }
            return sum;
        }

        /// Returns everything counted in a phase.
        public CounterSnapshot phase(String phase) {
            CounterSnapshot sum = CounterSnapshot.ZERO;
            for (CounterSnapshot cell : cells.getOrDefault(phase, Map.of()).values()) {
                sum = sum.plus(cell);
            }
            return sum;
        }

        /// Returns everything counted for a mapping, over all phases.
        public CounterSnapshot mapping(String label) {
            CounterSnapshot sum = CounterSnapshot.ZERO;
            for (Map<String, CounterSnapshot> byMapping : cells.values()) {
                sum = sum.plus(byMapping.getOrDefault(label, CounterSnapshot.ZERO));
            }
            return sum;
        }
    }

    /// Returns everything counted in the run.
    public CounterSnapshot total() {
        CounterSnapshot sum = CounterSnapshot.ZERO;
        for (ProcessReport process : processes) {
            sum = sum.plus(process.total());
        }
        return sum;
    }

    /// Returns the exit status a shell would show for the first program, or 1 where the run ended before it.
    public int exitStatus() {
        ExitStatus exit = processes.getFirst().exit();
        return exit == null ? 1 : exit.shellStatus();
    }
}
