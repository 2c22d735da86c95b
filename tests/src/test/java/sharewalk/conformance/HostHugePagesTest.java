package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.support.GuestRun;

/// The rules of huge pages and of sharing their tables are those of the host's own Linux, where it has huge pages of 2
/// MiB reserved (`echo 32 > /proc/sys/vm/nr_hugepages`): the same programs run there.
@Tag("native")
final class HostHugePagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"rules-hugetlb-pmd"})
    void rulesHoldOnTheHost(String guest) throws IOException, InterruptedException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the host does not run x86-64 Linux programs");
        ProcessBuilder builder =
                new ProcessBuilder(GuestRun.file(guest, GuestIsa.X86_64).toString());
        builder.environment().remove("SHAREWALK_DESIGN");
        builder.redirectErrorStream(true);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();

        assumeTrue(!output.startsWith("1..0"), "the host says: " + output.strip());
        assertThat(output).doesNotContain("not ok").contains("ok 1 - ");
        assertThat(status).isZero();
    }
}
