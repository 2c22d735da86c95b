package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sharewalk.cpu.GuestIsa;

/// The machine code of the block stub is what its source says.
final class BlockStubTest {
    @Test
    void code_isWhatGnuAsMakesOfTheSource() {
        assertThat(BlockStub.code()).isEqualTo(GnuBinutils.assemble(GuestIsa.X86_64, BlockStub.SOURCE));
    }
}
