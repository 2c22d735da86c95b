package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.support.GuestRun;
import sharewalk.support.Guests;

/// x86-64 programs print the same and end the same on the host's own Linux as under Sharewalk; what the ISA does not
/// decide, riscv64 ones too.
@Tag("native")
final class NativeAgreementTest {
    /// Dividing by zero ends a program on x86-64 only.
    private static final String DECIDED_BY_ISA = "divide";

    static Stream<GuestRun> programs() {
        return Guests.everywhere()
                .filter(run -> run.isa().equals(GuestIsa.X86_64) || !run.guest().equals(DECIDED_BY_ISA));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void outputAndExitStatusAreTheHosts(GuestRun run) throws IOException, InterruptedException {
        assumeTrue(hostRunsX86(), "the host does not run x86-64 Linux programs");
        List<String> command = new ArrayList<>();
        command.add(GuestRun.file(run.guest(), GuestIsa.X86_64).toString());
        command.addAll(run.arguments());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(Path.of(System.getProperty("java.io.tmpdir")).toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        process.getOutputStream().close();
        String expected = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();

        GuestRun.Outcome outcome = run.run();

        assertThat(outcome.output()).isEqualTo(expected);
        assertThat(outcome.result().ending().shellStatus()).isEqualTo(status);
    }

    private static boolean hostRunsX86() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }
}
