package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What can be expected to go wrong is one sentence and the right exit status.
final class ErrorsTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --l1d 16x3:plru PROGRAM|plru needs a power of two of ways, not 3",
                "run --l1d 16:lru PROGRAM|TLB geometry '16:lru' is not SETSxWAYS:POLICY",
                "run --l1d 0x4:lru PROGRAM|at least one set",
                "run --l2 16x4:clock PROGRAM|unknown replacement policy 'clock'",
                "run --walk-cache big PROGRAM|walk cache 'big'",
                "run --l1d 1x1:fifo PROGRAM|--exhaustive",
                "run --l1i 1x1:lru PROGRAM|--exhaustive",
                "run --design best PROGRAM|There is no sharing design 'best'; there are private,",
                "run --isa arm64 PROGRAM|choose riscv64 or x86_64",
                "run --machine z80 PROGRAM|There is no machine 'z80'; there are default, ideal, u74",
                "run --machine u74 --paging sv48 PROGRAM|There is no paging mode 'sv48' on riscv64 (u74); choose sv39.",
                "compare --machine u74,z80|There is no machine 'z80'",
                "compare --machine zen4 --isa arm64|choose riscv64 or x86_64",
                "machines z80|There is no machine 'z80'",
                "machines --yaml z80|There is no machine 'z80'",
                "machines --names u74|cannot be used together",
                "machines --names --yaml u74|cannot be used together",
                "machines --yaml u74 c910|cannot be used together",
                "run --json FOLDER/x --trace FOLDER/./x PROGRAM|--json and --trace would both write",
                "run --json PROGRAM --trace PROGRAM PROGRAM|--json and --trace would both write",
                "compare --csv FOLDER/x --json FOLDER/x|--json and --csv would both write",
                "run --paging 4-level PROGRAM|choose sv39 or sv48 or sv57",
                "run --isa x86_64 --paging sv39 PROGRAM|choose 4-level or 5-level",
                "run --harts 0 PROGRAM|--harts must be between 1 and 64",
                "run --harts two PROGRAM|'two' is not a whole number",
                "run --harts 9999999999 PROGRAM|'9999999999' is too large a number",
                "run --ram 1K PROGRAM|--ram must be between 4M and 1T.",
                "run --ram much PROGRAM|'much' is not a size",
                "run --slice 0 PROGRAM|--slice must be between",
                "run --env NAME PROGRAM|is not NAME=VALUE",
                "run --dir /tmp PROGRAM|is not HOST:GUEST",
                "run --dir /tmp:data PROGRAM|must begin with a slash",
                "run --fast PROGRAM|Unknown option: '--fast'",
                "run|Missing required parameter",
                "compare --processes 0|--processes must be between",
                "compare --processes ,|--processes names no number.",
                "compare --designs ,|--designs names no design.",
                "compare --machine ,,|--machine names no machine.",
                "cost --designs ,|--designs names no design.",
                "cost --sharers ,|--sharers names no number.",
                "cost --pages ,|--pages names no number.",
                "cost --machine ,|--machine names no machine.",
                "cost --only ,|--only names no operation.",
                "compare --designs private,best|There is no sharing design 'best'",
                "compare --designs private:best|The design 'private' has no variant 'best'",
                "run --design best:strict PROGRAM|There is no sharing design 'best:strict'",
                "designs best|There is no sharing design 'best'",
                "designs --names private|--names and the name of a design cannot be used together",
                "walk|Unmatched argument",
                "--nonsense|Unknown option"
            })
    void wrongUse_isStatus2AndASentence(String words, String sentence) throws IOException {
        Files.writeString(folder.resolve("program"), "nothing");

        assertThat(execute(words.replace("PROGRAM", folder.resolve("program").toString())
                        .replace("FOLDER", folder.toString())))
                .isEqualTo(CommandFailure.USAGE);

        assertThat(err.toString()).contains(sentence).startsWith("sharewalk: ").doesNotContain("\tat ");
    }

    @Test
    void unknownGuest_isStatus127AndNamesTheKnownOnes() {
        assertThat(execute("run no-such-guest")).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(err.toString()).startsWith("sharewalk: There is no guest program 'no-such-guest' for riscv64");
    }

    @Test
    void missingFile_isStatus127() {
        assertThat(execute("run " + folder.resolve("none"))).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(err.toString()).contains("There is no file");
    }

    @Test
    void directory_isStatus126() {
        assertThat(execute("run " + folder)).isEqualTo(CommandFailure.CANNOT_RUN);
        assertThat(err.toString()).contains("it is a directory");
    }

    @Test
    void unwritableOutput_isToldBeforeTheRun() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "nothing");

        assertThat(execute("run --json " + folder.resolve("no/such/file") + " " + program))
                .isEqualTo(CommandFailure.FAILED);
        assertThat(err.toString()).contains("Cannot write").contains("no such file or directory");
    }

    @Test
    void twoOutputsThroughALinkToOneFolder_areRefused() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(execute("compare --csv " + real.resolve("x") + " --json " + link.resolve("x")))
                .isEqualTo(CommandFailure.USAGE);
        assertThat(real).isEmptyDirectory();
    }

    @Test
    void directoryAsStandardInput_isStatus1() {
        assertThatThrownBy(() -> GuestStreams.open(folder))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitStatus()).isEqualTo(CommandFailure.FAILED))
                .hasMessageContaining("it is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"designs", "machines", "machines u74", "machines --names", "machines --yaml u74", "--help"})
    void fullDiskBehindStandardOutput_isStatus1(String words) {
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        CommandLine line = Main.commandLine(new PrintWriter(full), new PrintWriter(err, true));

        assertThat(Main.execute(line, words.split(" "))).isEqualTo(CommandFailure.FAILED);
        assertThat(err.toString()).startsWith("sharewalk: Cannot write all of standard output");
    }

    @Test
    void missingHostDirectory_isStatus1() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "nothing");

        assertThat(execute("run --dir " + folder.resolve("none") + ":/data " + program))
                .isEqualTo(CommandFailure.FAILED);
        assertThat(err.toString()).contains("is not a directory");
    }

    @Test
    void tooLittleMemory_isASentence() {
        CommandLine line = Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true));
        line.setExecutionStrategy(_ -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertThat(Main.execute(line, "designs")).isEqualTo(CommandFailure.FAILED);
        assertThat(err.toString()).startsWith("sharewalk: Out of memory (Java heap space)");
        line.setExecutionStrategy(_ -> {
            throw new StackOverflowError();
        });
        assertThat(Main.execute(line, "designs")).isEqualTo(CommandFailure.DEFECT);
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    private int execute(String words) {
        return Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true))
                .execute(words.split(" "));
    }
}
