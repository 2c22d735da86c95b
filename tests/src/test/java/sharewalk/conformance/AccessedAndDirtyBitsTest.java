package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.experiment.Metric;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.walk.WalkerProfile;
import sharewalk.support.GuestRun;
import sharewalk.support.Guests;

/// Programs cannot tell whether the walker sets accessed and dirty bits (Svadu) or the page fault does (Svade), unless
/// they count their faults; the counters can.
@Tag("native")
@Execution(ExecutionMode.CONCURRENT)
final class AccessedAndDirtyBitsTest {
    static Stream<GuestRun> riscvPrograms() {
        return Stream.concat(
                Guests.on(GuestIsa.RISCV64).flatMap(run -> Stream.of(run, run.withHarts(2))),
                Guests.underMsharefs().filter(run -> run.isa().equals(GuestIsa.RISCV64)));
    }

    private static MachineProfile withoutHardwareUpdate(MachineProfile profile) {
        WalkerProfile walker = profile.walker();
        Set<PagingFeature> features = EnumSet.copyOf(walker.features());
        features.remove(PagingFeature.HARDWARE_UPDATE);
        return profile.withWalker(new WalkerProfile(walker.walkCache(), walker.pteCaches(), features));
    }

    /// A forked child's pages are old: the first load of each is one more fault.
    @Test
    void forkedChildrenFaultForTheAccessedBit() {
        GuestRun run = GuestRun.of("fork-cow", GuestIsa.RISCV64);
        GuestRun bySoftware = run.withHardware(withoutHardwareUpdate(run.profile()));
        assertThat(run.run().output()).contains("fresh 128, copied by the child 64,");
        assertThat(bySoftware.run().output()).contains("fresh 128, copied by the child 128,");
    }

    /// Returns what a program printed, without the line in which it counts its own faults.
    private static String output(GuestRun.Outcome outcome) {
        return outcome.output().replaceAll("(?m)^minor faults for .*$", "");
    }

    @ParameterizedTest
    @MethodSource("riscvPrograms")
    void bothKindsOfMachinePrintTheSame(GuestRun run) {
        GuestRun.Outcome byHardware = run.run();
        GuestRun bySoftware = run.withHardware(withoutHardwareUpdate(run.profile()));
        GuestRun.Outcome byFault = bySoftware.run();

        assertThat(output(byFault)).isEqualTo(output(byHardware));
        assertThat(byFault.error()).isEqualTo(byHardware.error());
        assertThat(byFault.result().ending()).isEqualTo(byHardware.result().ending());
        assertThat(byFault.total(Metric.FAULTS)).isGreaterThanOrEqualTo(byHardware.total(Metric.FAULTS));
        assertThat(byFault.reportWithoutMode())
                .isEqualTo(bySoftware.exhaustively().run().reportWithoutMode());
    }
}
