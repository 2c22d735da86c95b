package sharewalk.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;
import sharewalk.yaml.YamlFile;

/// A machine as a user chose it: a shipped profile by its name, or a file with what was in it.
///
/// @param word the name of the profile, or that of the file without folders
/// @param text what was in the file, or null for a shipped profile
record ChosenMachine(String word, @Nullable String text) {
    /// Returns what a word on the command line means.
    static ChosenMachine named(String word) {
        if (!MachineChoice.isFile(word)) {
            return new ChosenMachine(word, null);
        }
        Path file = Path.of(word);
        return new ChosenMachine(String.valueOf(file.getFileName()), YamlFile.textOf(file, Machines.NOUN));
    }

    /// Returns the machine.
    Machine machine() {
        return text == null ? MachineChoice.named(word) : Machines.parse(word, text);
    }
}
