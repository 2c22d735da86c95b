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
/// The suite runs every program on every machine, the numbers of harts in rotation; the full product is slow.
@Tag("native")
@Execution(ExecutionMode.CONCURRENT)
final class MachinesAreExactTest {
    private static final List<Integer> HARTS = List.of(1, 2, 8);

    static Stream<GuestRun> everyProgramOnEveryMachine() {
        List<GuestRun> runs = new ArrayList<>();
        List<Machine> machines = Machines.all();
        for (GuestRun program : programs()) {
            for (Machine machine : machines) {
                runs.add(program.on(machine).withHarts(HARTS.get((runs.size() + runs.size() / 9) % HARTS.size())));
            }
        }
        return runs.stream();
    }

    static Stream<GuestRun> fullProduct() {
        List<Machine> machines = Machines.all();
        return programs().stream()
                .flatMap(program -> machines.stream().map(program::on))
                .flatMap(run -> HARTS.stream().map(run::withHarts));
    }

    private static List<GuestRun> programs() {
        return Stream.concat(Guests.everywhere(), Guests.underMsharefs()).toList();
    }

    @ParameterizedTest
    @MethodSource("everyProgramOnEveryMachine")
    void countersAreEqual(GuestRun run) {
        requireSameCounters(run);
    }

    @ParameterizedTest
    @MethodSource("fullProduct")
    @Tag("slow")
    void countersAreEqual_inTheFullProduct(GuestRun run) {
        requireSameCounters(run);
    }

    private static void requireSameCounters(GuestRun run) {
        GuestRun.Outcome fast = run.run();
        GuestRun.Outcome exhaustive = run.exhaustively().run();

        assertThat(fast.reportWithoutMode()).isEqualTo(exhaustive.reportWithoutMode());
        assertThat(fast.output()).isEqualTo(exhaustive.output());
    }
}
