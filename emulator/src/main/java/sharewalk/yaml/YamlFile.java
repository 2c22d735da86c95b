package sharewalk.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file as messages speak of it.
///
/// @param name of the file
/// @param noun what it should be, such as "machine profile"
public record YamlFile(String name, String noun) {
    private static final String LINK_LOOP = "Too many levels of symbolic links";
    private static final int MOST_BYTES = 256 << 10;

    /// Returns the failure of a value in a line.
    public YamlFileException failure(int line, String key, String problem) {
        return new YamlFileException("%s, line %d: %s: %s.".formatted(name, line, key, problem));
    }

    /// Returns the text of a user's file. Devices and pipes are not opened: reading them may never end.
    ///
    /// @param noun what it should be
    /// @throws YamlFileException if it cannot be read, or is larger than 256 KiB
    public static String textOf(Path file, String noun) {
        if (Files.isDirectory(file)) {
            throw new YamlFileException("%s is a directory, not a %s.".formatted(file, noun));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new YamlFileException("%s is not an ordinary file.".formatted(file));
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new YamlFileException(
                        "%s is larger than %d KiB, which no %s is.".formatted(file, MOST_BYTES >> 10, noun));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException _) {
            throw new YamlFileException("There is no file %s.".formatted(file));
        } catch (CharacterCodingException _) {
            throw new YamlFileException("%s is not text in UTF-8.".formatted(file));
        } catch (IOException e) {
            throw new YamlFileException("Cannot read %s: %s.".formatted(file, reason(e)));
        }
    }

    /// Returns why a file cannot be read, in words.
    public static String reason(IOException failure) {
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
