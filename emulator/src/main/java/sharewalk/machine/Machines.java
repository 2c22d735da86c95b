package sharewalk.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sharewalk.yaml.YamlFile;

/// The shipped machine profiles, and the way to users' own.
public final class Machines {
    /// The machine of a run that names none.
    public static final String DEFAULT = "default";

    /// What a file of a machine is called in messages.
    public static final String NOUN = MachineReader.NOUN;

    private static final List<String> NAMES =
            List.of(DEFAULT, "ideal", "u74", "p550", "c910", "skylake-sp", "golden-cove", "zen3", "zen4");

    private Machines() {}

    /// Returns the names of the shipped profiles, in the order they are listed.
    public static List<String> names() {
        return NAMES;
    }

    /// Returns the shipped profiles.
    public static List<Machine> all() {
        return NAMES.stream().map(Machines::shipped).toList();
    }

    /// Returns the shipped profile of a name.
    public static Optional<Machine> named(String name) {
        return NAMES.contains(name) ? Optional.of(shipped(name)) : Optional.empty();
    }

    /// Returns the machine of a run that names none.
    public static Machine ofDefault() {
        return shipped(DEFAULT);
    }

    /// Returns the text of the shipped profile of a name.
    public static Optional<String> text(String name) {
        return NAMES.contains(name) ? Optional.of(shippedText(name)) : Optional.empty();
    }

    /// Returns the machine that a user's file describes. A figure without a source counts as a guess there.
    ///
    /// @throws sharewalk.yaml.YamlFileException if it describes none
    public static Machine read(Path file) {
        String name = String.valueOf(file.getFileName());
        return parse(name, YamlFile.textOf(file, NOUN));
    }

    /// Returns the machine that the text of a user's file describes.
    ///
    /// @param name of the file, without folders
    /// @throws sharewalk.yaml.YamlFileException if it describes none
    public static Machine parse(String name, String text) {
        return MachineReader.read(name, text, false);
    }

    private static Machine shipped(String name) {
        return MachineReader.read(name + ".yaml", shippedText(name), true);
    }

    private static String shippedText(String name) {
        String resource = "/sharewalk/machines/" + name + ".yaml";
        try (@Nullable InputStream stream = Machines.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("this build lacks " + resource);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
