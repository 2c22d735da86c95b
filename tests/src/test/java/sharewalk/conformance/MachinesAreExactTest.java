package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;
import sharewalk.support.GuestRun;
import sharewalk.support.Guests;

/// On every shipped machine, fast and exhaustive mode agree to the last digit.
///
/// The suite runs two programs with every number of harts, and every program with the numbers in rotation, on the
/// machines of its instruction set. The long profile runs everything on everything, and asks why TLBs missed as well.
@Tag("native")
@Execution(ExecutionMode.CONCURRENT)
final class MachinesAreExactTest {
    private static final List<Integer> HARTS = List.of(1, 2, 8);
    private static final List<String> WITH_EVERY_NUMBER_OF_HARTS = List.of("hello", "shared-buffer");

    static Stream<GuestRun> suite() {
        List<GuestRun> runs = new ArrayList<>();
        List<Machine> machines = Machines.all();
        for (GuestRun program : programs()) {
            for (int machine = 0; machine < machines.size(); machine++) {
                int turn = (runs.size() + machine) % HARTS.size();
                GuestRun run = program.on(machines.get(machine));
                if (run.origin().isForeignTo(run.isa()) || !run.origin().has(run.paging())) {
                    continue;
                }
                if (WITH_EVERY_NUMBER_OF_HARTS.contains(run.guest())) {
                    HARTS.forEach(harts -> runs.add(run.withHarts(harts)));
                } else {
                    runs.add(run.withHarts(HARTS.get(turn)));
                }
            }
        }
        return runs.stream();
    }

    static Stream<GuestRun> everythingOnEverything() {
        List<Machine> machines = Machines.all();
        return programs().stream()
                .flatMap(program -> machines.stream()
                        .filter(machine -> machine.has(program.paging()))
                        .map(program::on))
                .flatMap(run -> HARTS.stream().map(run::withHarts));
    }

    private static List<GuestRun> programs() {
        return Stream.concat(Guests.everywhere(), Guests.underMsharefs()).toList();
    }

    @ParameterizedTest
    @MethodSource("suite")
    void countersAreEqual(GuestRun run) {
        requireSameCounters(run);
    }

    @ParameterizedTest
    @MethodSource("everythingOnEverything")
    @Tag("slow")
    void countersAreEqual_inTheFullProduct(GuestRun run) {
        requireSameCounters(run);
        MissCausesTest.requireSameCauses(run);
    }

    private static void requireSameCounters(GuestRun run) {
        GuestRun.Outcome fast = run.run();
        GuestRun.Outcome exhaustive = run.exhaustively().run();

        assertThat(fast.reportWithoutMode()).isEqualTo(exhaustive.reportWithoutMode());
        assertThat(fast.output()).isEqualTo(exhaustive.output());
    }
}
