package keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import keystone.exceptions.KeystoneUnavailableException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Keystone's WebAssembly build where it fails or runs long.
final class WasmKeystoneTest {
    private static final int X86 = KeystoneArchitecture.X86.value();
    private static final int MODE_64 = KeystoneMode.Mode64.value();

    private static byte[] module = {};

    @BeforeAll
    static void requireModule() {
        try {
            module = NpmPackage.module();
        } catch (KeystoneUnavailableException e) {
            abort(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void failureInside_endsTheLibrary_notTheProgram() {
        WasmKeystone library = WasmKeystone.load(module);
        KeystoneLibrary.Opened opened = library.open(X86, MODE_64);
        assertThatIllegalStateException()
                .isThrownBy(() -> library.assemble(opened.handle(), ".type _start, @function\n.data\nnop", 0))
                .withMessageContaining("Keystone failed inside");
        assertThat(library.isUsable()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> library.supports(X86));
    }

    @Test
    void memory_isFreed() {
        WasmKeystone library = WasmKeystone.load(module);
        String text = "nop\n.fill 20000, 1, 0x90\n";
        int pages = 0;
        for (int round = 0; round < 8; round++) {
            KeystoneLibrary.Opened opened = library.open(X86, MODE_64);
            assertThat(library.assemble(opened.handle(), text, 0).code()).hasSize(20_001);
            library.close(opened.handle());
            if (round == 3) {
                pages = library.memoryPages();
            }
        }
        assertThat(library.memoryPages()).isEqualTo(pages);
    }

    @Test
    void load_refusesWhatIsNoModule() {
        assertThatThrownBy(() -> WasmKeystone.load(new byte[] {1, 2, 3, 4}))
                .isInstanceOf(KeystoneUnavailableException.class)
                .hasMessageContaining("does not start");
    }
}
