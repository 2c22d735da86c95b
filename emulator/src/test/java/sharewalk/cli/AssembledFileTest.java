package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sharewalk.cpu.GuestIsa;

@Tag("native")
class AssembledFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path source(String isa, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve(isa)).resolve("prog.s");
        return Files.writeString(file, text);
    }

    @Test
    void sourceBecomesAProgram_namedLikeIt_forTheIsaOfItsFolder() throws IOException {
        Path file = source("riscv64", "li a7, 93\nli a0, 7\necall\n");

        ProgramFinder.Found found = new ProgramFinder(null).find(file.toString(), null);

        assertThat(found.isa()).isEqualTo(GuestIsa.RISCV64);
        assertThat(found.file()).hasFileName("prog");
        assertThat(Files.readAllBytes(found.file())).startsWith(0x7f, 'E', 'L', 'F');
    }

    @Test
    void badSource_isOneSentenceWithItsLine() throws IOException {
        Path file = source("riscv64", "nop\nnonsense a0\n");

        assertThatThrownBy(() -> new ProgramFinder(null).find(file.toString(), GuestIsa.RISCV64))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void incompleteTrace_isStatus1_unlessTheProgramFailed() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")));

        assertThat(traceToAFullDisk("0")).isEqualTo(CommandFailure.FAILED);
        assertThat(traceToAFullDisk("7")).isEqualTo(7);
    }

    private int traceToAFullDisk(String programsStatus) throws IOException {
        Path file = source("riscv64", "li a7, 93\nli a0, " + programsStatus + "\necall\n");
        StringWriter err = new StringWriter();

        int status = Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true))
                .execute("run", "--quiet", "--trace", "/dev/full", file.toString());

        assertThat(err.toString()).contains("The trace /dev/full is incomplete");
        return status;
    }
}
