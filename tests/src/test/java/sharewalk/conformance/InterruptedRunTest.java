package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.experiment.Ending;
import sharewalk.experiment.RunResult;
import sharewalk.mmu.count.Counter;
import sharewalk.support.GuestRun;

/// A run that is ended early still tells what it has measured.
@Tag("native")
final class InterruptedRunTest {
    private static final int ROUNDS = 20;

    static Iterable<GuestIsa> isas() {
        return GuestIsa.all();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void countersSoFarAreReported(GuestIsa isa) {
        AtomicInteger rounds = new AtomicInteger();

        RunResult result = GuestRun.of("memwalk", isa, "64", "100000000")
                .runUntil(() -> rounds.incrementAndGet() == ROUNDS)
                .result();

        assertThat(result.ending()).isInstanceOf(Ending.Failed.class);
        assertThat(result.ending().describe()).contains("interrupted");
        assertThat(result.totals().counts().get(Counter.INSTRUCTIONS)).isBetween(ROUNDS * 5_000L, ROUNDS * 11_000L);
    }
}
