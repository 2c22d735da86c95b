package sharewalk.assembly;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sharewalk.cpu.GuestIsa;

/// A program in one file of assembly text.
///
/// x86-64 is written in Intel syntax with `#` comments, RISC-V as GNU as takes it. The program begins at `_start`, or
/// at the first instruction of `.text` where there is no `_start`. `.text` is mapped readable and executable, `.data`
/// and `.bss` readable and writable.
public final class AssemblyProgram {
    private AssemblyProgram() {}

    /// Returns whether a file is assembly text by its name.
    public static boolean isAssembly(Path file) {
        return file.toString().endsWith(".s");
    }

    /// Returns the ISA a file is for by its place: the nearest folder above it that is named as an ISA, if any.
    public static Optional<GuestIsa> isaByFolder(Path file) {
        for (Path folder = file.toAbsolutePath().normalize().getParent(); folder != null; folder = folder.getParent()) {
            for (GuestIsa isa : GuestIsa.all()) {
                if (folder.endsWith(isa.name())) {
                    return Optional.of(isa);
                }
            }
        }
        return Optional.empty();
    }

    /// Returns the static ELF file a text assembles to; throws [AssemblyException] where the text is wrong or there is
    /// no assembler, and another [IOException] where the file cannot be read.
    public static byte[] assemble(Path file, GuestIsa isa) throws IOException {
        String text = read(file);
        return isa.equals(GuestIsa.X86_64)
                ? X86Assembly.assemble(nameOf(file), text)
                : GnuAssembly.assemble(file, text);
    }

    static String nameOf(Path file) {
        Path name = file.getFileName();
        return (name == null ? file : name).toString();
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new AssemblyException(nameOf(file) + " is not text in UTF-8");
        }
    }
}
