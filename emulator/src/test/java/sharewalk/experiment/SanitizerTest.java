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
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;

/// Runs in which one invalidation goes astray: the sanitizer finds each that leaves something stale within reach, and
/// names the change of the tables that it belongs to.
@Tag("native")
final class SanitizerTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));

    /// How many invalidations of each program go astray that found something stale, and as many that found something
    /// else to drop; `-Dsharewalk.mutations=all` tries
    /// every one.
    private static final String TRIES = System.getProperty("sharewalk.mutations", "3");

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
        "riscv64, private, fork-cow",
        "x86_64, private, fork-cow",
        "riscv64, private, mprotect-pingpong 20",
        "x86_64, private, mprotect-pingpong 20",
        "riscv64, private, mremap-brk",
        "x86_64, private, mremap-brk",
        "riscv64, msharefs, shared-buffer --processes 3 --pages 40 --rounds 2",
        "x86_64, msharefs, shared-buffer --processes 3 --pages 40 --rounds 2"
    })
    void everyLostInvalidation_isFoundIfItLeavesSomethingStale(
            String isa, String design, String command, TestReporter reporter) {
        ExperimentSpec spec = spec(isa, design, List.of(command.split(" ")));
        MutatedHarts untouched = run(spec, NONE, Mutation.DROPPED);
        assertThat(untouched.finding()).isNull();
        long invalidations = untouched.invalidations();
        assertThat(invalidations).isPositive();

        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        int held = untouched.withStale().size() + untouched.withRight().size();
        outcomes.put(Outcome.NOTHING_HELD, (int) invalidations - held);
        List<Long> chosen = new ArrayList<>(sample(untouched.withStale(), TRIES, command));
        chosen.addAll(sample(untouched.withRight(), TRIES, command));
        for (long each : chosen) {
            for (Mutation mutation : Mutation.values()) {
                outcomes.merge(outcome(spec, each, mutation), 1, Integer::sum);
            }
        }
        reporter.publishEntry("%s %s: %s of %d invalidations".formatted(isa, command, outcomes, invalidations));
        found += outcomes.getOrDefault(Outcome.FOUND, 0);
    }

    @AfterAll
    static void someWereFound() {
        assertThat(found).isGreaterThan(8);
    }

    private static List<Long> sample(List<Long> all, String tries, String seed) {
        if (tries.equals("all") || all.isEmpty()) {
            return all;
        }
        SplittableRandom random = new SplittableRandom(seed.hashCode());
        return random.longs(Long.parseLong(tries), 0, all.size())
                .distinct()
                .mapToObj(i -> all.get((int) i))
                .toList();
    }

    private static Outcome outcome(ExperimentSpec spec, long chosen, Mutation mutation) {
        MutatedHarts harts = run(spec, chosen, mutation);
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
                .contains("redeemed at ");
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

    private static ExperimentSpec spec(String isaName, String design, List<String> command) {
        GuestIsa isa = isaName.equals("riscv64") ? GuestIsa.RISCV64 : GuestIsa.X86_64;
        MachineSpec machine = new MachineSpec(
                isa, isa.defaultPaging(), MachineProfile.DEFAULT, 2, 64L << 20, 1, false, MissExplanation.NONE);
        GuestCommand guest = new GuestCommand(
                GUESTS.resolve(isaName).resolve(command.getFirst()),
                command.getFirst(),
                command.subList(1, command.size()),
                List.of(ExperimentSpec.DESIGN_VARIABLE + "=" + design));
        return new ExperimentSpec(
                machine,
                Machines.ofDefault(),
                new Slices(10_000, 1_000_000),
                design,
                guest,
                List.of(),
                Set.of(Instrument.SANITIZER));
    }
}
