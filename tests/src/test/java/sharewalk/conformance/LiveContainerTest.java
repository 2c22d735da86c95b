package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.support.GuestRun;

/// One process changes what others see, while they look, as QEMU would with a virtio-fs window: one call for all of
/// them where the design has one, else a message to each and a call in each.
@Tag("native")
final class LiveContainerTest {
    static Stream<Arguments> designs() {
        return GuestIsa.all().stream()
                .flatMap(isa -> Stream.of(
                        Arguments.of(isa, "private", 72),
                        Arguments.of(isa, "msharefs", 0),
                        Arguments.of(isa, "container", 0),
                        Arguments.of(isa, "mshare-2026", 0)));
    }

    @ParameterizedTest
    @MethodSource("designs")
    void daemonsSeeEveryChange_withoutCallsOfTheirOwnWhereTheDesignHasOneForAll(
            GuestIsa isa, String design, int callsOfDaemons) {
        GuestRun.Outcome outcome = GuestRun.of("live-container", isa)
                .withDesign(design)
                .withHarts(2)
                .runSanitized();

        assertThat(outcome.result().ending().shellStatus())
                .as(outcome.output() + outcome.error())
                .isZero();
        assertThat(outcome.output()).contains("3 daemons, %d calls by them".formatted(callsOfDaemons));
        assertThat(outcome.result().warnings()).isEmpty();
    }
}
