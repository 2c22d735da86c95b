package sharewalk.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.cpu.GuestIsa;

/// Assembly texts as programs; skipped where an ISA's assembler is missing.
final class AssemblyProgramTest {
    private static final Path SAMPLES = Path.of("../guest-programs/samples");
    private static final int MACHINE_AT = 18;
    private static final int ENTRY_AT = 24;
    private static final int SEGMENTS_AT = 56;
    private static final int PROGRAM_HEADERS = 64;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void x86Samples_runOnTheHost() throws Exception {
        assertThat(runOnHost(assembleOrSkip(SAMPLES.resolve("x86_64/hello.s"), GuestIsa.X86_64), "Hello"))
                .isZero();
        assertThat(runOnHost(assembleOrSkip(SAMPLES.resolve("x86_64/pages.s"), GuestIsa.X86_64), ""))
                .isEqualTo(2000 % 256);
    }

    @Test
    void x86Data_isWritable_andStartMayLieAnywhere() throws Exception {
        byte[] program = assembleOrSkip("""
                .data
                counter: .long 40
                .text
                    ud2
                _start:
                    add dword ptr [rip + counter], 2
                    mov edi, [rip + counter]
                    cmp qword ptr [rip + empty], 0
                    jne _start
                    mov eax, 60
                    syscall
                .bss
                empty: .space 8
                """, GuestIsa.X86_64);
        assertThat(runOnHost(program, "")).isEqualTo(42);
        ByteBuffer header = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getShort(SEGMENTS_AT)).isEqualTo((short) 3);
        assertThat(header.getInt(PROGRAM_HEADERS + 4)).as("text is R+X").isEqualTo(5);
        assertThat(header.getInt(PROGRAM_HEADERS + 56 + 4)).as("data is R+W").isEqualTo(6);
    }

    @Test
    void entry_isTheFirstInstruction_withoutStart() throws IOException {
        byte[] program = assembleOrSkip("nop\nret\n", GuestIsa.X86_64);
        ByteBuffer header = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getLong(ENTRY_AT)).isEqualTo(0x401000);
        assertThat(header.getShort(MACHINE_AT)).isEqualTo((short) 62);
        assertThat(program).endsWith(0x90, 0xc3);
    }

    @ParameterizedTest
    @CsvSource({".globl _start", ".global _start # the entry"})
    void entry_isStart_whenItIsGlobal(String directive) throws IOException {
        byte[] program = assembleOrSkip(directive + "\nnop\n_start: ret\n", GuestIsa.X86_64);
        ByteBuffer header = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getLong(ENTRY_AT)).isEqualTo(0x401001);
    }

    @Test
    void riscvSamples_becomeElfFiles_withNames() throws IOException {
        for (String sample : new String[] {"hello.s", "pages.s"}) {
            byte[] program = assembleOrSkip(SAMPLES.resolve("riscv64").resolve(sample), GuestIsa.RISCV64);
            ByteBuffer header = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(header.getShort(MACHINE_AT)).isEqualTo((short) 243);
            assertThat(header.getLong(ENTRY_AT)).isPositive();
            assertThat(new String(program, StandardCharsets.ISO_8859_1)).contains("_start");
        }
    }

    @Test
    void riscvStart_neverNeedsToBeGlobal() throws IOException {
        byte[] program = assembleOrSkip("nop\n_start: ecall\n", GuestIsa.RISCV64);
        ByteBuffer header = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        long textAt = header.getLong(ENTRY_AT);
        assertThat(textAt % 4).as("behind the compressed nop").isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nop;bogus rax;ret|line 2:.*mnemonic.*bogus rax",
                "l: nop;jmp l;jmp nowhere;nop;jmp later;later: ret|line 3:.*symbol.*jmp nowhere",
                ".data;x: .long 1;.long y;.text;mov eax, [rip + x]|line 3:.*symbol.*",
                "mov eax, 1;mov foo|line 2:.*operand.*mov foo",
                ".data;.long 5|no instruction",
                "# nothing|no instruction"
            })
    void x86Mistakes_areShownWithTheirLine(String text, String message) throws IOException {
        assertMistake(text, message, GuestIsa.X86_64);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nop;bogus a0;ecall|line 2:.*bogus a0",
                "nop;nop;lw a0, 99999(a1)|line 3:.*",
                "_start: nop;call nowhere|line 2:.*undefined reference.*nowhere"
            })
    void riscvMistakes_areShownWithTheirLine(String text, String message) throws IOException {
        assertMistake(text, message, GuestIsa.RISCV64);
    }

    private void assertMistake(String text, String message, GuestIsa isa) throws IOException {
        byte[] works = assembleOrSkip("nop\n", isa);
        assertThat(works).isNotEmpty();
        Path file = Files.writeString(folder.resolve("wrong.s"), text.replace(';', '\n') + "\n");
        assertThatThrownBy(() -> AssemblyProgram.assemble(file, isa))
                .isInstanceOf(AssemblyException.class)
                .hasMessageMatching("wrong\\.s.*" + message + ".*");
    }

    @Test
    void x86Text_thatKeystoneReadsForEver_isGivenUp() throws IOException {
        byte[] works = assembleOrSkip("nop\n", GuestIsa.X86_64);
        assertThatThrownBy(() -> X86Assembly.assemble("endless.s", "nop\n.byte 1, ,\n", Duration.ofSeconds(8)))
                .isInstanceOf(AssemblyException.class)
                .hasMessageStartingWith("endless.s was not assembled within 8 s");
        assertThat(assembleOrSkip("nop\n", GuestIsa.X86_64)).isEqualTo(works);
    }

    @Test
    void unreadableFiles_areRefused() throws IOException {
        assertThatThrownBy(() -> AssemblyProgram.assemble(folder.resolve("none.s"), GuestIsa.X86_64))
                .isInstanceOf(NoSuchFileException.class);
        Path binary = Files.write(folder.resolve("binary.s"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> AssemblyProgram.assemble(binary, GuestIsa.RISCV64))
                .isInstanceOf(AssemblyException.class)
                .hasMessage("binary.s is not text in UTF-8");
    }

    @Test
    void isaByFolder_isThatOfTheNearestFolder() {
        assertThat(AssemblyProgram.isaByFolder(Path.of("/a/riscv64/x86_64/b/p.s")))
                .isEqualTo(Optional.of(GuestIsa.X86_64));
        assertThat(AssemblyProgram.isaByFolder(Path.of("/riscv64/p.s"))).isEqualTo(Optional.of(GuestIsa.RISCV64));
        assertThat(AssemblyProgram.isaByFolder(Path.of("/a/p.s"))).isEmpty();
        assertThat(AssemblyProgram.isAssembly(Path.of("p.s"))).isTrue();
        assertThat(AssemblyProgram.isAssembly(Path.of("p"))).isFalse();
    }

    private byte[] assembleOrSkip(String text, GuestIsa isa) throws IOException {
        return assembleOrSkip(Files.writeString(folder.resolve("program.s"), text), isa);
    }

    private static byte[] assembleOrSkip(Path file, GuestIsa isa) throws IOException {
        try {
            return AssemblyProgram.assemble(file, isa);
        } catch (AssemblyException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("here; install") || message.contains("could not be fetched")) {
                abort(message);
            }
            throw e;
        }
    }

    private int runOnHost(byte[] program, String output) throws IOException, InterruptedException {
        boolean host = System.getProperty("os.name", "").equals("Linux")
                && System.getProperty("os.arch", "").equals("amd64");
        assumeTrue(host, "the host does not run Linux programs for x86-64");
        Path file = Files.write(folder.resolve("program"), program);
        Process process = new ProcessBuilder(
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"))
                                .toString())
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith(output);
        return process.waitFor();
    }
}
