package sharewalk.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sharewalk.assembly.AssemblyProgram;
import sharewalk.cpu.GuestIsa;

/// Finds the program that a word on the command line means: a path when it has a slash, else the name of a bundled
/// guest, else a file in the current directory. Assembly source becomes a program here.
final class ProgramFinder {
    private static final int MACHINE_OFFSET = 18;
    private static final int HEADER_BYTES = MACHINE_OFFSET + 2;
    private static final byte[] ELF_MAGIC = {0x7f, 'E', 'L', 'F'};

    private final @Nullable Path guests;

    /// A program and the ISA to run it on.
    record Found(Path file, GuestIsa isa) {}

    /// Creates a finder of bundled guests in a folder `<isa>/<name>`.
    ProgramFinder(@Nullable Path guests) {
        this.guests = guests;
    }

    /// Returns the finder for the guests this installation was built with.
    static ProgramFinder installed() {
        String folder = System.getProperty("sharewalk.guests");
        return new ProgramFinder(folder == null ? null : Path.of(folder));
    }

    /// Returns the program; `isa` is what the user asked for, if anything.
    Found find(String program, @Nullable GuestIsa isa) {
        return find(program, isa, null);
    }

    /// Returns the program.
    ///
    /// @param isa what the user asked for, if anything
    /// @param usual the ISA of a bundled guest where nothing was asked for, or null for RISC-V
    Found find(String program, @Nullable GuestIsa isa, @Nullable GuestIsa usual) {
        Path path = Path.of(program);
        if (!program.contains("/")) {
            GuestIsa bundledIsa = isa != null ? isa : usual != null ? usual : GuestIsa.RISCV64;
            Path bundled = bundled(program, bundledIsa);
            if (bundled != null) {
                return new Found(bundled, bundledIsa);
            }
            if (!Files.exists(path)) {
                throw new CommandFailure(
                        CommandFailure.NOT_FOUND,
                        "There is no guest program '%s' for %s; there are %s (or give a path)."
                                .formatted(program, bundledIsa.name(), list(bundledIsa)));
            }
        }
        byte[] header = header(path);
        if (AssemblyProgram.isAssembly(path)) {
            GuestIsa assembledIsa =
                    isa == null ? AssemblyProgram.isaByFolder(path).orElse(GuestIsa.RISCV64) : isa;
            return new Found(AssembledFile.of(path, assembledIsa), assembledIsa);
        }
        return new Found(path, isa == null ? isaOf(header) : isa);
    }

    /// Returns the names of the bundled guests of an ISA, in order.
    List<String> names(GuestIsa isa) {
        if (guests == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(guests.resolve(isa.name()))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private String list(GuestIsa isa) {
        List<String> names = names(isa);
        return names.isEmpty() ? "none, because the guest programs are not built" : String.join(", ", names);
    }

    private @Nullable Path bundled(String name, GuestIsa isa) {
        if (guests == null || name.isEmpty() || name.startsWith(".")) {
            return null;
        }
        Path file = guests.resolve(isa.name()).resolve(name);
        return Files.isRegularFile(file) ? file : null;
    }

    /// What is no program for either ISA is left to the loader, which says why.
    private static GuestIsa isaOf(byte[] header) {
        if (header.length == HEADER_BYTES && Arrays.equals(header, 0, 4, ELF_MAGIC, 0, 4)) {
            int machine = header[MACHINE_OFFSET] & 0xff | (header[MACHINE_OFFSET + 1] & 0xff) << 8;
            for (GuestIsa isa : GuestIsa.all()) {
                if (machine == isa.elfMachine()) {
                    return isa;
                }
            }
        }
        return GuestIsa.RISCV64;
    }

    private static byte[] header(Path file) {
        if (Files.isDirectory(file)) {
            throw new CommandFailure(CommandFailure.CANNOT_RUN, "Cannot run %s: it is a directory.".formatted(file));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEADER_BYTES);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(CommandFailure.NOT_FOUND, "There is no file %s.".formatted(file));
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandFailure.CANNOT_RUN, "Cannot read %s: %s.".formatted(file, OutputFile.reason(e)));
        }
    }
}
