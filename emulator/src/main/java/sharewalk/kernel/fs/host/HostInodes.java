package sharewalk.kernel.fs.host;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EIO;
import static sharewalk.abi.Errno.ENOENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;

/// The maker of the inodes of one host file system.
final class HostInodes {
    private final HostFileSystem fileSystem;
    private final PageFrames frames;
    private final HostChannels channels = new HostChannels();

    HostInodes(HostFileSystem fileSystem, PageFrames frames) {
        this.fileSystem = fileSystem;
        this.frames = frames;
    }

    /// Returns the inode of a program.
    HostFile program(Path path, long sizeBytes) {
        return new HostFile(fileSystem, new HostFile.Content(path, sizeBytes, channels), 0755, frames);
    }

    /// Returns a new inode for an entry of a directory; -EACCES for a device, a socket or a pipe.
    Outcome<Inode> make(HostDirectory parent, Path path) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink()) {
                String target = HostNames.toGuest(Files.readSymbolicLink(path).toString());
                return Outcome.of(new HostSymbolicLink(fileSystem, target));
            }
            if (attributes.isDirectory()) {
                return Outcome.of(new HostDirectory(fileSystem, path, parent, this));
            }
            if (attributes.isRegularFile()) {
                HostFile.Content content = new HostFile.Content(path, attributes.size(), channels);
                return Outcome.of(new HostFile(fileSystem, content, permissions(attributes.permissions()), frames));
            }
            return Outcome.error(-EACCES);
        } catch (NoSuchFileException _) {
            return Outcome.error(-ENOENT);
        } catch (IOException _) {
            return Outcome.error(-EIO);
        }
    }

    /// Returns the host's permissions without the right to write.
    private static int permissions(Set<PosixFilePermission> granted) {
        boolean isExecutable = granted.contains(PosixFilePermission.OWNER_EXECUTE)
                || granted.contains(PosixFilePermission.GROUP_EXECUTE)
                || granted.contains(PosixFilePermission.OTHERS_EXECUTE);
        return isExecutable ? 0555 : 0444;
    }
}
