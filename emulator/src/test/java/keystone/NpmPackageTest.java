package keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import keystone.exceptions.KeystoneUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetching the WebAssembly build, with scripts in the place of npm.
final class NpmPackageTest {
    private static final String PACK_OTHER_MODULE =
            "mkdir -p package/dist; echo other > package/dist/keystone.wasm; tar czf k.tgz package";

    @TempDir
    private Path home = Path.of("");

    @Test
    void module_saysWhatToDo_withoutClient() {
        assertThatThrownBy(() -> NpmPackage.module(home, "/nonexistent/npm"))
                .isInstanceOf(KeystoneUnavailableException.class)
                .hasMessageContaining("there is no /nonexistent/npm here")
                .hasMessageContaining("Install npm")
                .hasMessageContaining(home.resolve(NpmPackage.FILE).toString());
    }

    @Test
    void module_showsWhatTheClientSays_andLeavesNothing() throws IOException {
        assertRefused("echo no such host; exit 1", "no such host");
    }

    @Test
    void module_isRefused_withAnotherChecksum() throws IOException {
        assertRefused(PACK_OTHER_MODULE, "another SHA-256");
    }

    @Test
    void module_isRefused_whenThePackageLacksIt() throws IOException {
        assertRefused("echo x > x; tar czf k.tgz x", "no package/dist/keystone.wasm");
        assertRefused("true", "no archive");
    }

    @Test
    void module_isFetchedAgain_whenTheKeptOneIsDamaged() throws IOException {
        Path kept = Files.writeString(home.resolve(NpmPackage.FILE), "damaged");
        Path client = script("echo asked again; exit 1");
        assertThatThrownBy(() -> NpmPackage.module(home, client.toString())).hasMessageContaining("asked again");
        assertThat(Files.readString(kept)).isEqualTo("damaged");
    }

    private void assertRefused(String commands, String reason) throws IOException {
        Path client = script(commands);
        assertThatThrownBy(() -> NpmPackage.module(home, client.toString()))
                .isInstanceOf(KeystoneUnavailableException.class)
                .hasMessageContaining(reason);
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).containsExactly(client);
        }
    }

    private Path script(String commands) throws IOException {
        Path script = Files.writeString(home.resolve("client"), "#!/bin/sh\n" + commands + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
