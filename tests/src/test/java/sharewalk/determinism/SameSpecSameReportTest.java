package sharewalk.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.report.JsonReport;
import sharewalk.support.GuestRun;
import sharewalk.support.Guests;

/// Two runs of one spec give the same bytes.
@Tag("native")
final class SameSpecSameReportTest {
    static Stream<GuestRun> programs() {
        return Guests.everywhere()
                .flatMap(run -> Stream.of(
                        run.withHarts(2).withFirstLevel("16x4:random"),
                        run.withHarts(3).withDesign("msharefs")));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void twoRuns(GuestRun run) {
        GuestRun.Outcome first = run.run();
        GuestRun.Outcome second = run.run();
        assertThat(JsonReport.render(second.result())).isEqualTo(JsonReport.render(first.result()));
        assertThat(second.output()).isEqualTo(first.output());
    }
}
