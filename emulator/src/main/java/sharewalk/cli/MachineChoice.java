package sharewalk.cli;

import java.nio.file.Path;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;

/// What a word for a machine means: a file if it has a slash or ends in `.yaml`, else the name of a shipped profile.
final class MachineChoice {
    private MachineChoice() {}

    /// Returns the machine.
    static Machine named(String word) {
        if (isFile(word)) {
            return Machines.read(Path.of(word));
        }
        return Machines.named(word).orElseThrow(() -> unknown(word));
    }

    /// Returns whether a word is a file.
    static boolean isFile(String word) {
        return word.contains("/") || word.endsWith(".yaml");
    }

    /// Returns the failure for a name that no shipped profile has.
    static CommandFailure unknown(String word) {
        return CommandFailure.usage("There is no machine '%s'; there are %s, or give a file (./NAME, NAME.yaml)."
                .formatted(word, String.join(", ", Machines.names())));
    }
}
