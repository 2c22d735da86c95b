package unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Without libunicorn the message says what was tried and what to do.
class MissingLibraryTest {
    /// What the child does: ask, then open.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            System.out.println("available " + Engine.isAvailable());
            try (Unicorn _ = new Unicorn(UnicornConst.UC_ARCH_RISCV, UnicornConst.UC_MODE_RISCV64)) {
                System.out.println("opened");
            } catch (UnicornException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void openWithoutLibrary_namesThePathAndTheRemedy() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsharewalk.unicorn=/nowhere/libunicorn.so.2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output)
                .contains("available false")
                .contains("/nowhere/libunicorn.so.2")
                .contains("-Dsharewalk.unicorn=")
                .doesNotContain("opened");
    }
}
