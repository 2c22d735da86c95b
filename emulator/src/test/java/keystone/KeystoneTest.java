package keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.HexFormat;
import java.util.List;
import keystone.exceptions.AssembleFailedKeystoneException;
import keystone.exceptions.KeystoneUnavailableException;
import keystone.exceptions.OpenFailedKeystoneException;
import keystone.exceptions.SetOptionFailedKeystoneException;
import keystone.utilities.Version;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The assembler of this host, whichever it is.
final class KeystoneTest {
    @BeforeAll
    static void requireKeystone() {
        try {
            KeystoneLibrary _ = KeystoneLibraries.load();
        } catch (KeystoneUnavailableException e) {
            abort(String.valueOf(e.getMessage()));
        }
    }

    private static Keystone open() {
        return new Keystone(KeystoneArchitecture.X86, KeystoneMode.Mode64);
    }

    private static String hex(KeystoneEncoded encoded) {
        return HexFormat.of().formatHex(encoded.getMachineCode());
    }

    @Test
    void assemble_givesTheMachineCode() {
        try (Keystone keystone = open()) {
            KeystoneEncoded encoded = keystone.assemble("mov rax, rsi; shr rax, 1; l: add [rcx], rax; jne l; ret");
            assertThat(hex(encoded)).isEqualTo("4889f048d1e848010175fbc3");
            assertThat(encoded.getNumberOfStatements()).isEqualTo(6);
            assertThat(hex(keystone.assemble(List.of("nop", "ret")))).isEqualTo("90c3");
        }
    }

    @Test
    void assemble_countsFromTheAddress() {
        try (Keystone keystone = open()) {
            KeystoneEncoded encoded = keystone.assemble("nop; l: nop; .quad l", 0x401000);
            assertThat(hex(encoded)).isEqualTo("90900110400000000000");
            assertThat(encoded.getAddress()).isEqualTo(0x401000);
        }
    }

    @Test
    void setAssemblySyntax_changesHowTextIsRead() {
        try (Keystone keystone = open()) {
            keystone.setAssemblySyntax(KeystoneOptionValue.KeystoneOptionSyntax.Att);
            assertThat(hex(keystone.assemble("movq %rsi, %rax"))).isEqualTo("4889f0");
        }
    }

    @Test
    void assemble_saysWhatIsWrong_andGoesOn() {
        try (Keystone keystone = open()) {
            AssembleFailedKeystoneException failure =
                    catchThrowableOfType(AssembleFailedKeystoneException.class, () -> keystone.assemble("bogus rax"));
            assertThat(failure.getKeystoneError()).isEqualTo(KeystoneError.AsmMnemonicFail);
            assertThat(failure.getAssembly()).isEqualTo("bogus rax");
            assertThat(failure).hasMessageContaining("Invalid mnemonic");
            assertThatThrownBy(() -> keystone.assemble("jmp nowhere"))
                    .isInstanceOf(AssembleFailedKeystoneException.class)
                    .hasMessageContaining("symbol");
            assertThat(hex(keystone.assemble("nop"))).isEqualTo("90");
            assertThatIllegalArgumentException().isThrownBy(() -> keystone.assemble("nop\0ret"));
        }
    }

    @Test
    void options_areRefused_whenUnknown() {
        try (Keystone keystone = open()) {
            assertThatThrownBy(() -> keystone.setOption(KeystoneOptionType.Syntax, 0x4000))
                    .isInstanceOf(SetOptionFailedKeystoneException.class)
                    .hasMessageContaining("Syntax = 16384");
            assertThatThrownBy(() -> keystone.setOption(KeystoneOptionType.SymbolResolver, 1))
                    .isInstanceOf(SetOptionFailedKeystoneException.class);
        }
    }

    @Test
    void open_isRefused_forAModeOfAnotherArchitecture() {
        OpenFailedKeystoneException failure = catchThrowableOfType(
                OpenFailedKeystoneException.class,
                () -> new Keystone(KeystoneArchitecture.X86, KeystoneMode.SparcV9).close());
        assertThat(failure.getKeystoneError()).isEqualTo(KeystoneError.Mode);
    }

    @Test
    void close_endsEverything_howeverOften() {
        Keystone keystone = open();
        keystone.close();
        keystone.close();
        assertThatIllegalStateException().isThrownBy(() -> keystone.assemble("nop"));
        assertThatIllegalStateException().isThrownBy(keystone::version);
        try (Keystone other = open()) {
            assertThat(hex(other.assemble("ret"))).isEqualTo("c3");
        }
    }

    @Test
    void version_isThatOfTheRelease() {
        try (Keystone keystone = open()) {
            assertThat(keystone.version()).isEqualTo(new Version(0, 9));
            assertThat(new Version(0, 9)).isLessThan(new Version(1, 0)).isGreaterThan(new Version(0, 8));
            assertThat(Keystone.isArchitectureSupported(KeystoneArchitecture.X86))
                    .isTrue();
            assertThat(Keystone.isArchitectureSupported(KeystoneArchitecture.Max))
                    .isFalse();
        }
    }

    @Test
    void numbers_leadBackToTheirConstants() {
        for (KeystoneError error : KeystoneError.values()) {
            assertThat(KeystoneError.fromValue(error.value())).isEqualTo(error);
        }
        assertThat(KeystoneError.fromValue(99)).isNull();
        assertThat(KeystoneMode.Mode64.value()).isEqualTo(8);
    }
}
