package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.experiment.Comparison;
import sharewalk.experiment.Metric;
import sharewalk.kernel.share.Designs;
import sharewalk.support.GuestRun;

/// The same program runs under every design, and reports find its region there.
@Tag("native")
final class AllDesignsTest {
    private static final int CLIENTS = 3;

    static Stream<GuestRun> runs() {
        return GuestIsa.all().stream()
                .flatMap(isa -> Designs.all().stream().map(design -> clients(isa, design.name(), 64)));
    }

    /// Of sharefs, a file that fills a slot of tables exactly.
    static Stream<GuestRun> fullSlots() {
        return GuestIsa.all().stream().map(isa -> clients(isa, "sharefs", 1024));
    }

    private static GuestRun clients(GuestIsa isa, String design, int mebibytes) {
        return GuestRun.of("clients", isa, "--processes", "" + CLIENTS, "--mib", "" + mebibytes)
                .withDesign(design);
    }

    @ParameterizedTest
    @MethodSource({"runs", "fullSlots"})
    void clientsShareARegion(GuestRun run) {
        GuestRun.Outcome outcome = run.run();

        assertThat(outcome.output()).endsWith(" ok\n");
        assertThat(outcome.result().ending().shellStatus()).isZero();
        Comparison.Row row = new Comparison.Row(run.isa().name(), CLIENTS, run.design(), outcome.result(), "");
        assertThat(row.region().get(Metric.MINOR_FAULTS)).isPositive();
        assertThat(row.region().get(Metric.PAGE_TABLE_BYTES_PEAK)).isPositive();
    }
}
