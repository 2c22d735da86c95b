package sharewalk.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The shipped machine profiles, and the way to users' own.
public final class Machines {
    /// The machine of a run that names none.
    public static final String DEFAULT = "default";

    private static final List<String> NAMES =
            List.of(DEFAULT, "ideal", "u74", "p550", "c910", "skylake-sp", "golden-cove", "zen3", "zen4");
    private static final String LINK_LOOP = "Too many levels of symbolic links";
    private static final int MOST_BYTES = 256 << 10;

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
    /// @throws MachineFileException if it describes none
    public static Machine read(Path file) {
        String name = String.valueOf(file.getFileName());
        return MachineReader.read(name, userText(file), false);
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

    /// Devices and pipes are not opened: reading them may never end.
    private static String userText(Path file) {
        if (Files.isDirectory(file)) {
            throw new MachineFileException("%s is a directory, not a machine profile.".formatted(file));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new MachineFileException("%s is not an ordinary file.".formatted(file));
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new MachineFileException(
                        "%s is larger than %d KiB, which no machine profile is.".formatted(file, MOST_BYTES >> 10));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException _) {
            throw new MachineFileException("There is no file %s.".formatted(file));
        } catch (CharacterCodingException _) {
            throw new MachineFileException("%s is not text in UTF-8.".formatted(file));
        } catch (IOException e) {
            throw new MachineFileException("Cannot read %s: %s.".formatted(file, reason(e)));
        }
    }

    /// Returns why a file cannot be read, in words.
    static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        @Nullable String reason = failure instanceof FileSystemException system ? system.getReason() : null;
        if (reason == null || reason.isBlank()) {
            return "reading fails";
        }
        return reason.startsWith(LINK_LOOP)
                ? LINK_LOOP.toLowerCase(Locale.ROOT)
                : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }
}
