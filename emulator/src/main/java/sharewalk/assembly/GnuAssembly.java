package sharewalk.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A RISC-V program assembled and linked by GNU binutils in a private temporary folder.
final class GnuAssembly {
    private static final String PREFIX = "riscv64-linux-gnu-";
    private static final long LONGEST_SECONDS = 60;
    private static final Pattern LINE =
            Pattern.compile(":(\\d+):\\s*(?:\\(\\S+\\):)?\\s*(?:(?:Fatal )?[Ee]rror: )?(.*)");
    private static final Pattern START = Pattern.compile("(?m)^\\s*_start\\s*:");

    private GnuAssembly() {}

    static byte[] assemble(Path file, String text) throws IOException {
        Path folder = Files.createTempDirectory("sharewalk-assembly");
        try {
            Path globals = Files.writeString(
                    folder.resolve("start.s"), START.matcher(text).find() ? ".globl _start\n" : "");
            Path object = folder.resolve("program.o");
            Path program = folder.resolve("program");
            String source = file.toAbsolutePath().toString();
            run(file, folder, tool("as"), "-g", "-march=rv64gc", "-o", object.toString(), globals.toString(), source);
            run(file, folder, tool("ld"), "-S", "-static", "-o", program.toString(), object.toString());
            return Files.readAllBytes(program);
        } finally {
            deleteTree(folder);
        }
    }

    private static String tool(String name) {
        return System.getProperty("os.arch", "").equals("riscv64") ? name : PREFIX + name;
    }

    private static void run(Path file, Path folder, String tool, String... arguments) throws IOException {
        Path log = folder.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(tool), Stream.of(arguments)).toList())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.directory(
                Objects.requireNonNull(file.toAbsolutePath().getParent()).toFile());
        builder.environment().put("LC_ALL", "C");
        if (exitStatus(builder, tool) != 0) {
            throw problem(file, tool, Files.readString(log).lines().toList());
        }
    }

    private static int exitStatus(ProcessBuilder builder, String tool) throws IOException {
        Process process = start(builder, tool);
        try {
            if (process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new AssemblyException(tool + " did not end within " + LONGEST_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssemblyException("waiting for " + tool + " was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(ProcessBuilder builder, String tool) throws AssemblyException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssemblyException("there is no " + tool + " here; install binutils-riscv64-linux-gnu");
        }
    }

    private static AssemblyException problem(Path file, String tool, List<String> log) {
        String name = AssemblyProgram.nameOf(file);
        for (String message : log) {
            Matcher line = LINE.matcher(message);
            if (line.find() && message.contains(name)) {
                return AssemblyException.at(name, Integer.parseInt(line.group(1)), line.group(2));
            }
        }
        return new AssemblyException(name + " is refused by " + tool + ": " + String.join(" ", log));
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
