package sharewalk.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import sharewalk.cpu.GuestIsa;

/// What tells a program of the user's from another: a saved comparison is of one program, not of whatever has its name.
final class ProgramDigest {
    private ProgramDigest() {}

    /// Returns the SHA-256 of the file that a word means, in hexadecimal; empty for a bundled guest, which the version
    /// of Sharewalk determines, and for what is no file.
    static String of(String word) {
        Path file = Path.of(word);
        ProgramFinder finder = ProgramFinder.installed();
        boolean bundled = !word.contains("/")
                && GuestIsa.all().stream().anyMatch(isa -> finder.names(isa).contains(word));
        if (bundled || !Files.isRegularFile(file)) {
            return "";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw CommandFailure.failed("Cannot read %s: %s.".formatted(file, OutputFile.reason(e)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
