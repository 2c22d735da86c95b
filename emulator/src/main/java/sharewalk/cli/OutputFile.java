package sharewalk.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// A file that is written whole or not at all: beside its place first, then moved there.
final class OutputFile {
    private final Path place;

    private OutputFile(Path place) {
        this.place = place;
    }

    /// Returns the file, having made sure that it can be written, before anything long begins.
    static OutputFile at(Path place) {
        if (Files.isDirectory(place)) {
            throw CommandFailure.failed("Cannot write %s: it is a directory.".formatted(place));
        }
        if (isSpecial(place)) {
            return new OutputFile(place);
        }
        try {
            Path part = partOf(place);
            Files.deleteIfExists(part);
            Files.createFile(part);
            Files.delete(part);
            if (Files.exists(place) && !Files.isWritable(place)) {
                throw CommandFailure.failed("Cannot write %s: permission denied.".formatted(place));
            }
        } catch (IOException e) {
            throw cannotWrite(place, e);
        }
        return new OutputFile(place);
    }

    /// Refuses two outputs into one file; a device or a pipe may take both.
    static void requireDifferent(String option, @Nullable Path place, String otherOption, @Nullable Path otherPlace) {
        if (place != null && otherPlace != null && !isSpecial(place) && isSame(place, otherPlace)) {
            throw CommandFailure.usage("%s and %s would both write %s.".formatted(option, otherOption, place));
        }
    }

    private static boolean isSame(Path place, Path other) {
        try {
            if (Files.exists(place) && Files.exists(other)) {
                return Files.isSameFile(place, other);
            }
            return real(place).equals(real(other));
        } catch (IOException e) {
            // Whichever cannot be reached cannot be written either, which is told where it is opened.
            return false;
        }
    }

    /// Returns the path of a file that need not be there yet, in a folder that is, without symbolic links.
    private static Path real(Path place) throws IOException {
        Path whole = place.toAbsolutePath();
        @Nullable Path folder = whole.getParent();
        return folder == null ? whole : folder.toRealPath().resolve(whole.getFileName());
    }

    void write(String text) {
        try {
            if (isSpecial(place)) {
                Files.writeString(place, text);
                return;
            }
            Path part = partOf(place);
            Files.writeString(part, text);
            move(part);
        } catch (IOException e) {
            throw cannotWrite(place, e);
        }
    }

    private void move(Path part) throws IOException {
        try {
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Devices and pipes are written to in place.
    private static boolean isSpecial(Path place) {
        return Files.exists(place) && !Files.isRegularFile(place);
    }

    private static Path partOf(Path place) {
        return place.resolveSibling(place.getFileName() + ".part");
    }

    /// Returns the sentence for a file that cannot be written.
    static CommandFailure cannotWrite(Path place, IOException cause) {
        return CommandFailure.failed("Cannot write %s: %s.".formatted(place, reason(cause)));
    }

    /// Returns why a file could not be used, without its name.
    static String reason(IOException cause) {
        return switch (cause) {
            case java.nio.file.NoSuchFileException _ -> "no such file or directory";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
