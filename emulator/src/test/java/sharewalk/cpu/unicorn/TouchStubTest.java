package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sharewalk.cpu.GuestIsa;

/// The machine code of the touch stub is what its source says.
final class TouchStubTest {
    @Test
    void code_isWhatGnuAsMakesOfTheSource() {
        assertThat(TouchStub.code()).isEqualTo(GnuBinutils.assemble(GuestIsa.X86_64, TouchStub.SOURCE));
    }

    @Test
    void accesses_areWhatGnuAsMakesOfTheirSources() {
        String sources = """
                movzx eax, byte ptr [rsi]; ret
                movzx eax, word ptr [rsi]; ret
                mov eax, [rsi]; ret
                mov rax, [rsi]; ret
                mov [rsi], dl; ret
                mov [rsi], dx; ret
                mov [rsi], edx; ret
                mov [rsi], rdx; ret
                """;
        assertThat(TouchRedirection.accesses()).isEqualTo(GnuBinutils.assemble(GuestIsa.X86_64, sources));
    }
}
