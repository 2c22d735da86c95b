package sharewalk.kernel.fs.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The host files held open: the most recently read, so that a guest cannot use up the host's descriptors.
final class HostChannels {
    private static final int LIMIT = 32;

    private final Map<Path, FileChannel> open = new LinkedHashMap<>(LIMIT * 2, 0.75f, true);

    /// Reads at a position until the buffer is full or the file ends.
    void read(Path path, long position, ByteBuffer into) throws IOException {
        FileChannel channel = channel(path);
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    private FileChannel channel(Path path) throws IOException {
        FileChannel known = open.get(path);
        if (known != null) {
            return known;
        }
        if (open.size() >= LIMIT) {
            Map.Entry<Path, FileChannel> eldest = open.entrySet().iterator().next();
            open.remove(eldest.getKey());
            eldest.getValue().close();
        }
        FileChannel fresh = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        open.put(path, fresh);
        return fresh;
    }
}
