package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.paging.PagingMode;

/// After any script of switches, faults and changes, no hart that runs in a space can use a translation that the tables
/// do not grant, neither from a TLB nor through a walk cache.
class StaleTranslationsTest {
    private static final int SEEDS = 8;
    private static final int STEPS = 250;

    record Machine(PagingMode mode, int harts, FlushSettings flushes) {}

    static List<Machine> machines() {
        List<Machine> machines = new ArrayList<>();
        for (PagingMode mode : List.of(PagingMode.X86_64_4LEVEL, PagingMode.SV39)) {
            for (RemoteInvalidation remote : RemoteInvalidation.values()) {
                for (int harts : List.of(1, 2, 5, 8)) {
                    for (int asidBits : List.of(0, 3, 4, 5)) {
                        machines.add(new Machine(
                                mode, harts, new FlushSettings(asidBits, remote, FlushSettings.KERNEL_CEILING)));
                    }
                }
            }
            machines.add(new Machine(mode, 2, new FlushSettings(16, RemoteInvalidation.IPI, 0)));
        }
        return machines;
    }

    @ParameterizedTest
    @MethodSource("machines")
    void noHartUsesWhatTheTablesDoNotGrant(Machine machine) {
        long checked = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TranslatingMachine translating = new TranslatingMachine(machine.mode(), machine.harts(), machine.flushes());
            for (int step = 0; step < STEPS; step++) {
                String what = translating.step(random);
                String stale = translating.findStale(random);
                assertThat(stale)
                        .as("%s, seed %d, step %d: %s", machine, seed, step, what)
                        .isEmpty();
            }
            checked += translating.checkedEntries();
            translating.end();
        }
        assertThat(checked).isGreaterThan(500);
    }
}
