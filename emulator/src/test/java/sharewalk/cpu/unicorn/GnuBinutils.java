package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sharewalk.cpu.GuestIsa;

/// The GNU assembler and disassembler, as a second opinion on machine code; a test that needs one that is not here is
/// skipped.
final class GnuBinutils {
    private static final Pattern INSTRUCTION = Pattern.compile("\\s*([0-9a-f]+):\\t((?:[0-9a-f]+ ?)+)\\s*\\t?(.*)");

    private GnuBinutils() {}

    /// One line of a disassembly.
    @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
    record Listed(String address, byte[] code, String text) {}

    /// Returns the content of `.text` after assembling; x86 in Intel syntax.
    static byte[] assemble(GuestIsa isa, String source) {
        try {
            Path folder = Files.createTempDirectory("binutils");
            boolean x86 = isa.equals(GuestIsa.X86_64);
            String syntax = x86 ? ".intel_syntax noprefix\n" : "";
            Path text = Files.writeString(folder.resolve("a.s"), syntax + source + "\n");
            Path object = folder.resolve("a.o");
            Path raw = folder.resolve("a.bin");
            String option = x86 ? "--64" : "-march=rv64gc";
            run(List.of(tool(isa, "as"), option, "-o", object.toString(), text.toString()), line -> {});
            run(
                    List.of(tool(isa, "objcopy"), "-O", "binary", "-j", ".text", object.toString(), raw.toString()),
                    line -> {});
            byte[] code = Files.readAllBytes(raw);
            for (Path file : List.of(raw, object, text, folder)) {
                Files.delete(file);
            }
            return code;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Hands over every instruction of an ELF file.
    static void disassemble(GuestIsa isa, Path program, Consumer<Listed> reader) {
        assumeTrue(Files.exists(program), () -> program + " is not built");
        run(List.of(tool(isa, "objdump"), "-d", "--insn-width=16", program.toString()), line -> {
            Matcher instruction = INSTRUCTION.matcher(line);
            if (instruction.matches()) {
                reader.accept(new Listed(instruction.group(1), bytes(isa, instruction.group(2)), instruction.group(3)));
            }
        });
    }

    /// Returns a guest program of the build.
    static Path guest(GuestIsa isa, String name) {
        return Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"), isa.name(), name);
    }

    // RISC-V is listed in units of one instruction, its most significant byte first.
    private static byte[] bytes(GuestIsa isa, String listed) {
        byte[] code = HexFormat.of().parseHex(listed.replace(" ", ""));
        if (isa.equals(GuestIsa.RISCV64)) {
            for (int i = 0; i < code.length / 2; i++) {
                byte swapped = code[i];
                code[i] = code[code.length - 1 - i];
                code[code.length - 1 - i] = swapped;
            }
        }
        return code;
    }

    private static String tool(GuestIsa isa, String name) {
        String host = System.getProperty("os.arch", "").replace("amd64", "x86_64");
        return host.equals(isa.name()) ? name : isa.name() + "-linux-gnu-" + name;
    }

    private static void run(List<String> command, Consumer<String> reader) {
        try {
            Process process = start(command);
            try (Stream<String> lines = process.inputReader().lines()) {
                lines.forEach(reader);
            }
            assertThat(process.waitFor()).as("exit status of %s", command).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no " + command.getFirst() + " here");
            throw new UncheckedIOException(e);
        }
    }
}
