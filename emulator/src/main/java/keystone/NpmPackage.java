package keystone;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import keystone.exceptions.KeystoneUnavailableException;
import org.jspecify.annotations.Nullable;

/// Keystone's WebAssembly build out of its npm package, kept in the project's own folder.
///
/// Fetched by the `npm` client when it is first needed. The file is moved into place whole, and its SHA-256 is checked
/// each time it is read; one that has another is fetched again.
final class NpmPackage {
    /// System property that holds the folder for what the project fetches.
    static final String HOME_PROPERTY = "sharewalk.home";

    static final String PACKAGE = "@alexaltea/keystone-js@0.9.2";
    static final String FILE = "keystone-0.9.2.wasm";

    private static final String MEMBER = "package/dist/keystone.wasm";
    private static final String SHA_256 = "d706d1b50d9f2444f6c5edbef05f343801e91fc79d62fbf86c6ff3510c063142";
    private static final long LONGEST_FETCH_SECONDS = 180;
    private static final int TAR_BLOCK = 512;
    private static final int TAR_NAME_BYTES = 100;
    private static final int TAR_SIZE_AT = 124;
    private static final int TAR_SIZE_BYTES = 12;

    private NpmPackage() {}

    /// Returns the bytes of the module.
    static byte[] module() {
        return module(Path.of(System.getProperty(HOME_PROPERTY, ".sharewalk")), "npm");
    }

    /// Returns the bytes of the module kept in a folder, fetched by a client of that name where it is missing.
    static byte[] module(Path home, String client) {
        Path kept = home.toAbsolutePath().resolve(FILE);
        try {
            byte[] module = Files.exists(kept) ? Files.readAllBytes(kept) : null;
            return module != null && isGenuine(module) ? module : fetch(kept, client);
        } catch (IOException e) {
            throw unavailable(kept, "a file could not be read or written (" + e + ")", e);
        }
    }

    private static byte[] fetch(Path kept, String client) throws IOException {
        Path home = Files.createDirectories(kept.resolveSibling("."));
        Path folder = Files.createTempDirectory(home.normalize(), "keystone");
        try {
            runClient(kept, client, folder);
            byte[] module = unpack(archive(kept, folder));
            if (!isGenuine(module)) {
                throw unavailable(kept, "what " + client + " delivered has another SHA-256", null);
            }
            Path whole = Files.write(folder.resolve(FILE), module);
            Files.move(whole, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return module;
        } finally {
            deleteTree(folder);
        }
    }

    private static void runClient(Path kept, String client, Path folder) throws IOException {
        Path log = folder.resolve("log.txt");
        Process process;
        try {
            process = new ProcessBuilder(List.of(client, "pack", "--silent", "--ignore-scripts", PACKAGE))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw unavailable(kept, "there is no " + client + " here", e);
        }
        try {
            if (!process.waitFor(LONGEST_FETCH_SECONDS, TimeUnit.SECONDS)) {
                throw unavailable(kept, client + " took more than " + LONGEST_FETCH_SECONDS + " s", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(kept, "fetching was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw unavailable(kept, client + " failed: " + Files.readString(log).strip(), null);
        }
    }

    private static Path archive(Path kept, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tgz"))
                    .findFirst()
                    .orElseThrow(() -> unavailable(kept, "npm delivered no archive", null));
        }
    }

    /// Returns the module out of a gzipped tar archive (POSIX ustar): headers of 512 bytes, contents padded to that.
    private static byte[] unpack(Path archive) throws IOException {
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            while (true) {
                byte[] header = in.readNBytes(TAR_BLOCK);
                if (header.length < TAR_BLOCK || header[0] == 0) {
                    throw new IOException("no " + MEMBER + " in the package");
                }
                int sizeBytes = Integer.parseInt(field(header, TAR_SIZE_AT, TAR_SIZE_BYTES), 8);
                if (field(header, 0, TAR_NAME_BYTES).equals(MEMBER)) {
                    return in.readNBytes(sizeBytes);
                }
                in.skipNBytes((sizeBytes + TAR_BLOCK - 1L) / TAR_BLOCK * TAR_BLOCK);
            }
        } catch (NumberFormatException e) {
            throw new IOException("the package is no tar archive", e);
        }
    }

    private static String field(byte[] header, int at, int bytes) {
        String text = new String(header, at, bytes, StandardCharsets.US_ASCII);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    private static boolean isGenuine(byte[] module) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(module);
            return HexFormat.of().formatHex(digest).equals(SHA_256);
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static KeystoneUnavailableException unavailable(Path kept, String reason, @Nullable Throwable cause) {
        return new KeystoneUnavailableException(
                "Keystone, the x86 assembler, is not here and could not be fetched: " + reason
                        + ". Install npm and try again, or install libkeystone 0.9.2, or put dist/keystone.wasm of the npm"
                        + " package " + PACKAGE + " at " + kept + ".",
                cause);
    }
}
