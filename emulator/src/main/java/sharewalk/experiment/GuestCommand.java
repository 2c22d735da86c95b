package sharewalk.experiment;

import java.nio.file.Path;
import java.util.List;

/// A program and what it is started with.
///
/// @param file where the host keeps it
/// @param name what it is called in reports: as the user wrote it
/// @param arguments without the name
/// @param environment as `NAME=VALUE`
public record GuestCommand(Path file, String name, List<String> arguments, List<String> environment) {
    public GuestCommand {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }
}
