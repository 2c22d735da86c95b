package sharewalk.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.HostDirectory;

/// The options that say what the guest gets from the host.
final class GuestOptions {
    private static final String HOME = "HOME=/root";
    private static final String PATH = "PATH=/usr/local/bin:/usr/bin:/bin";

    @Option(
            names = "--dir",
            paramLabel = "HOST:GUEST",
            description = "Let guests read a directory of the host at a path of theirs. Repeatable.")
    private List<String> directories = List.of();

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "An environment variable of the guest, which gets none of the host's. Repeatable.")
    private List<String> variables = List.of();

    @Option(
            names = "--notify",
            paramLabel = "WHAT",
            description = "write: guests can be told of writes to pages of files, by a descriptor or a signal (a"
                    + " proposal). The guest finds it in " + ExperimentSpec.NOTIFY_VARIABLE + ".")
    private @Nullable String notified;

    /// Returns the guest's environment under a design.
    List<String> environment(String design) {
        List<String> environment = new ArrayList<>(List.of(PATH, HOME));
        if (notified != null && !notified.equals("write")) {
            throw CommandFailure.usage("--notify %s is not known; there is 'write'.".formatted(notified));
        }
        if (notified != null) {
            add(environment, ExperimentSpec.NOTIFY_VARIABLE + "=" + notified);
        }
        add(environment, ExperimentSpec.DESIGN_VARIABLE + "=" + design);
        for (String variable : variables) {
            if (variable.indexOf('=') < 1) {
                throw CommandFailure.usage("--env %s is not NAME=VALUE.".formatted(variable));
            }
            add(environment, variable);
        }
        return environment;
    }

    /// Returns the host's directories.
    List<HostDirectory> directories() {
        return directories.stream().map(GuestOptions::directory).toList();
    }

    private static HostDirectory directory(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw CommandFailure.usage("--dir %s is not HOST:GUEST.".formatted(text));
        }
        Path host = Path.of(text.substring(0, colon));
        String guest = text.substring(colon + 1);
        if (!Files.isDirectory(host)) {
            throw CommandFailure.failed("--dir %s: %s is not a directory.".formatted(text, host));
        }
        if (!guest.startsWith("/") || guest.equals("/")) {
            throw CommandFailure.usage(
                    "--dir %s: the guest's path must begin with a slash and not be the root.".formatted(text));
        }
        return new HostDirectory(host, guest);
    }

    /// A later setting of a variable replaces an earlier one.
    private static void add(List<String> environment, String variable) {
        String name = variable.substring(0, variable.indexOf('=') + 1);
        environment.removeIf(other -> other.startsWith(name));
        environment.add(variable);
    }
}
