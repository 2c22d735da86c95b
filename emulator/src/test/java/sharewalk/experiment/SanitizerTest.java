package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.cpu.unicorn.UnicornMachine;
import sharewalk.experiment.MutatedHarts.Mutation;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;

/// Runs in which one invalidation goes astray: the sanitizer finds each that leaves something stale within reach, and
/// names the change of the tables that it belongs to.
@Tag("native")
final class SanitizerTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));

    /// How many invalidations of each program go astray that found something stale, and as many that found something
    /// else to drop.
    private static final int TRIES = 3;

    private static final long NONE = -1;

    private static int found;

    /// What came of a mutation.
    private enum Outcome {
        FOUND,
        /// There was no TLB entry to drop.
        NOTHING_HELD,
        /// What was not dropped was right, or no hart came back to it.
        NOTHING_STALE_WITHIN_REACH
    }

    @ParameterizedTest
    @CsvSource({
        "riscv64, default, private, fork-cow",
        "x86_64, default, private, fork-cow",
        "riscv64, default, private, mprotect-pingpong 20",
        "x86_64, default, private, mprotect-pingpong 20",
        "riscv64, default, private, mremap-brk",
        "x86_64, default, private, mremap-brk",
        "riscv64, default, msharefs, shared-buffer --processes 3 --pages 40 --rounds 2",
        "x86_64, default, msharefs, shared-buffer --processes 3 --pages 40 --rounds 2",
        "riscv64, u74, private, mprotect-pingpong 20",
        "x86_64, zen4, private, mprotect-pingpong 20",
    })
    void lostInvalidation_isFoundIfItLeavesSomethingStale(
            String isa, String machine, String design, String command, TestReporter reporter) {
        loseSome(spec(isa, machine, design, List.of(command.split(" "))), TRIES, reporter);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "riscv64, default, private, mprotect-pingpong 20",
        "x86_64, default, private, mprotect-pingpong 20",
        "riscv64, default, private, mremap-brk",
        "x86_64, default, private, mremap-brk",
        "riscv64, default, msharefs, shared-buffer --processes 3 --pages 40 --rounds 2",
        "x86_64, default, msharefs, shared-buffer --processes 3 --pages 40 --rounds 2",
        "riscv64, u74, private, mremap-brk",
        "x86_64, zen4, private, mremap-brk",
    })
    void everyLostInvalidation_isFoundIfItLeavesSomethingStale(
            String isa, String machine, String design, String command, TestReporter reporter) {
        loseSome(spec(isa, machine, design, List.of(command.split(" "))), Integer.MAX_VALUE, reporter);
    }

    private static void loseSome(ExperimentSpec spec, int tries, TestReporter reporter) {
        MutatedHarts untouched = run(spec, NONE, Mutation.DROPPED);
        assertThat(untouched.finding()).isNull();
        long invalidations = untouched.invalidations();
        assertThat(invalidations).isPositive();

        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        int held = untouched.withStale().size() + untouched.withRight().size();
        outcomes.put(Outcome.NOTHING_HELD, (int) invalidations - held);
        List<Long> chosen = new ArrayList<>(sample(untouched.withStale(), tries));
        chosen.addAll(sample(untouched.withRight(), tries));
        for (long each : chosen) {
            for (Mutation mutation : Mutation.values()) {
                MutatedHarts harts = run(spec, each, mutation);
                if (mutation == Mutation.DROPPED || harts.wasNarrowed()) {
                    outcomes.merge(outcome(harts, each, mutation), 1, Integer::sum);
                }
            }
        }
        reporter.publishEntry("%s %s on %s: %s of %d invalidations"
                .formatted(
                        spec.machine().isa().name(),
                        spec.command().name(),
                        spec.machine().profile().name(),
                        outcomes,
                        invalidations));
        found += outcomes.getOrDefault(Outcome.FOUND, 0);
    }

    @AfterAll
    static void someWereFound() {
        assertThat(found).isGreaterThan(8);
    }

    private static List<Long> sample(List<Long> all, int tries) {
        if (all.size() <= tries) {
            return all;
        }
        SplittableRandom random = new SplittableRandom(all.size());
        return random.longs(tries, 0, all.size())
                .distinct()
                .mapToObj(i -> all.get((int) i))
                .toList();
    }

    private static Outcome outcome(MutatedHarts harts, long chosen, Mutation mutation) {
        String name = "invalidation %d %s (%s)".formatted(chosen, mutation, harts.mutated());
        String finding = harts.finding();
        if (harts.staleWasReachable()) {
            assertThat(finding).as(name).isNotNull();
        }
        if (finding == null) {
            return harts.kept() == 0 ? Outcome.NOTHING_HELD : Outcome.NOTHING_STALE_WITHIN_REACH;
        }
        assertThat(finding)
                .as(name)
                .contains("table change ")
                .contains(" made at ")
                .contains("redeemed at ")
                .containsPattern(harts.toldPattern() + "| and \\d+ more");
        if (!finding.contains("walk cache") && !finding.contains("engine's own cache")) {
            assertThat(harts.staleWasReachable()).as(name + ": " + finding).isTrue();
        }
        return Outcome.FOUND;
    }

    private static MutatedHarts run(ExperimentSpec spec, long chosen, Mutation mutation) {
        try (UnicornMachine machine = UnicornMachine.create(spec.machine())) {
            NaiveTables tables =
                    new NaiveTables(machine.memory(), spec.machine().paging());
            MutatedHarts harts = new MutatedHarts(chosen, mutation, tables);
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            EmulatedLinux linux = EmulatedLinux.boot(spec, machine, StandardStreams.of(output, output), harts);
            var _ = linux.run(() -> false);
            return harts;
        }
    }

    private static ExperimentSpec spec(String isaName, String machineName, String design, List<String> command) {
        Machine origin = Machines.named(machineName).orElseThrow();
        GuestIsa isa = isaName.equals("riscv64") ? GuestIsa.RISCV64 : GuestIsa.X86_64;
        MachineSpec machine = new MachineSpec(
                isa, isa.defaultPaging(), origin.hardware(), 2, 64L << 20, 1, false, MissExplanation.NONE);
        GuestCommand guest = new GuestCommand(
                GUESTS.resolve(isaName).resolve(command.getFirst()),
                command.getFirst(),
                command.subList(1, command.size()),
                List.of(ExperimentSpec.DESIGN_VARIABLE + "=" + design));
        return new ExperimentSpec(
                machine, origin, new Slices(10_000, 1_000_000), design, guest, List.of(), Set.of(Instrument.SANITIZER));
    }
}
