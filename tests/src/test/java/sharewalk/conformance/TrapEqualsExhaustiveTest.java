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
import sharewalk.experiment.RunObserver;
import sharewalk.support.GuestRun;
import sharewalk.support.Guests;
import sharewalk.support.NaiveHart;

/// Fast mode, which is told only what can change the model, exhaustive mode, which is told everything, and naive TLBs
/// fed with the whole access stream agree to the last digit.
@Tag("native")
@Execution(ExecutionMode.CONCURRENT)
final class TrapEqualsExhaustiveTest {
    private static final List<String> GEOMETRIES = List.of(
            "16x4:fifo", "16x4:lru", "16x4:plru", "16x4:random", "1x32:fifo", "1x32:lru", "1x32:plru", "1x32:random");

    static Stream<GuestRun> everyProgramAndGeometry() {
        return Stream.concat(Guests.everywhere(), Guests.underMsharefs())
                .flatMap(run -> GEOMETRIES.stream()
                        .flatMap(geometry -> Stream.of(
                                run.withFirstLevel(geometry),
                                run.withFirstLevel(geometry).withHarts(2))));
    }

    @ParameterizedTest
    @MethodSource("everyProgramAndGeometry")
    void countersAreEqual(GuestRun run) {
        List<NaiveHart> naive = new ArrayList<>();
        RunObserver feed = (machine, _) -> machine.harts().forEach(hart -> {
            NaiveHart model =
                    new NaiveHart(machine.spec().profile(), machine.spec().seed(), hart.hart());
            hart.observeAccesses(model);
            naive.add(model);
        });

        GuestRun.Outcome fast = run.run();
        GuestRun.Outcome exhaustive = run.exhaustively().run(feed);

        assertThat(fast.reportWithoutMode()).isEqualTo(exhaustive.reportWithoutMode());
        assertThat(NaiveHart.sum(naive)).isEqualTo(fast.missCounts());
    }
}
