package sharewalk.kernel.fs.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Names on their way between the guest, whose names are bytes, and the host, whose names are text in UTF-8.
final class HostNames {
    private HostNames() {}

    /// Returns a name or path of the host as the guest sees it: one char per byte.
    static String toGuest(String hostName) {
        return new String(hostName.getBytes(UTF_8), ISO_8859_1);
    }

    /// Returns the path of a name in a directory, or null when no file of the host can have that name.
    static @Nullable Path resolve(Path directory, String guestName) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(guestName.getBytes(ISO_8859_1));
            Path path = directory.resolve(UTF_8.newDecoder().decode(bytes).toString());
            boolean isBelow = directory.equals(path.getParent()) && path.equals(path.normalize());
            return isBelow ? path : null;
        } catch (CharacterCodingException | InvalidPathException _) {
            return null;
        }
    }
}
