package sharewalk.experiment;

import java.nio.file.Path;

/// A directory of the host that guests may read at a path of theirs.
public record HostDirectory(Path host, String guestPath) {}
