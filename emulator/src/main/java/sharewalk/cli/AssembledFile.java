package sharewalk.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sharewalk.assembly.AssemblyException;
import sharewalk.assembly.AssemblyProgram;
import sharewalk.cpu.GuestIsa;

/// A program assembled into a folder of its own, both of which are gone when Sharewalk ends.
final class AssembledFile {
    private AssembledFile() {}

    /// Returns the program made of a source file, under the source's name without its ending.
    static Path of(Path source, GuestIsa isa) {
        try {
            byte[] program = AssemblyProgram.assemble(source, isa);
            String name = source.getFileName().toString();
            Path folder = Files.createTempDirectory("sharewalk");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve(name.substring(0, name.lastIndexOf('.')));
            file.toFile().deleteOnExit();
            return Files.write(file, program);
        } catch (AssemblyException e) {
            throw new CommandFailure(CommandFailure.CANNOT_RUN, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandFailure.CANNOT_RUN, "Cannot assemble %s: %s.".formatted(source, OutputFile.reason(e)));
        }
    }
}
