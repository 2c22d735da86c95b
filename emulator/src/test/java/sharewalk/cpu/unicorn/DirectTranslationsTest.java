package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.mmu.MachineProfile;

/// The fast ways to the engine's translations are found in the library this project fetches.
@Tag("native")
final class DirectTranslationsTest {
    static List<GuestIsa> isas() {
        return GuestIsa.all();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void bothWaysAreOpen_onEveryHart(GuestIsa isa) {
        assumeTrue(BlockStub.fitsHost(), "no machine code for this host");
        MachineSpec spec = new MachineSpec(
                isa, isa.defaultPaging(), MachineProfile.DEFAULT, 8, 64 << 20, 1, false, MissExplanation.NONE);
        try (UnicornMachine machine = UnicornMachine.create(spec)) {
            assertThat(machine.harts()).allMatch(UnicornCpu::dropsInPlace).allMatch(UnicornCpu::touchesInPlace);
        }
    }

    @ParameterizedTest
    @MethodSource("isas")
    void exhaustiveMode_usesNeither(GuestIsa isa) {
        MachineSpec spec = new MachineSpec(
                isa, isa.defaultPaging(), MachineProfile.DEFAULT, 1, 64 << 20, 1, true, MissExplanation.NONE);
        try (UnicornMachine machine = UnicornMachine.create(spec)) {
            assertThat(machine.harts()).noneMatch(UnicornCpu::dropsInPlace).noneMatch(UnicornCpu::touchesInPlace);
        }
    }
}
