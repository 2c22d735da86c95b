package sharewalk.kernel.fs.host;

import static sharewalk.abi.Errno.ENOENT;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.FileMode;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.DirectorySink;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;

/// A directory of the host; it lists its entries by name, as they were when it was first listed.
final class HostDirectory extends Directory {
    private static final long FIRST_ENTRY = 2;

    private final Path path;
    private final @Nullable HostDirectory parent;
    private final HostInodes inodes;
    private final Map<String, Inode> known = new HashMap<>();
    private @Nullable List<String> names;

    HostDirectory(HostFileSystem fileSystem, Path path, @Nullable HostDirectory parent, HostInodes inodes) {
        super(fileSystem, 0555);
        this.path = path;
        this.parent = parent;
        this.inodes = inodes;
    }

    @Override
    public Outcome<Inode> lookup(String name) {
        Inode before = known.get(name);
        if (before != null) {
            return Outcome.of(before);
        }
        Path child = HostNames.resolve(path, name);
        if (child == null) {
            return Outcome.error(-ENOENT);
        }
        Outcome<Inode> made = inodes.make(this, child);
        if (!made.isError()) {
            known.put(name, made.value());
        }
        return made;
    }

    @Override
    public Directory parent() {
        return parent == null ? this : parent;
    }

    @Override
    public String name() {
        Path fileName = path.getFileName();
        return parent == null || fileName == null ? "" : HostNames.toGuest(fileName.toString());
    }

    @Override
    public void list(long position, DirectorySink sink) {
        if (position <= 0 && !sink.accept(".", number(), FileMode.S_IFDIR, 1)) {
            return;
        }
        if (position <= 1 && !sink.accept("..", parent().number(), FileMode.S_IFDIR, FIRST_ENTRY)) {
            return;
        }
        List<String> listed = names();
        for (long at = Math.max(position, FIRST_ENTRY); at - FIRST_ENTRY < listed.size(); at++) {
            String name = listed.get((int) (at - FIRST_ENTRY));
            Outcome<Inode> inode = lookup(name);
            if (inode.isError()) {
                continue;
            }
            if (!sink.accept(name, inode.value().number(), inode.value().type(), at + 1)) {
                return;
            }
        }
    }

    private List<String> names() {
        List<String> listed = names;
        if (listed == null) {
            listed = List.copyOf(readNames());
            names = listed;
        }
        return listed;
    }

    private Set<String> readNames() {
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                Path fileName = entry.getFileName();
                if (fileName != null) {
                    found.add(HostNames.toGuest(fileName.toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // What cannot be read any more is not shown.
            return found;
        }
        return found;
    }
}
