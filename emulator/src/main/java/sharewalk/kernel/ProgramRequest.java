package sharewalk.kernel;

import java.util.List;
import sharewalk.kernel.fs.FileTable;

/// The first program of a run: its path in the guest's tree, how it is called, and the descriptors it starts with.
public record ProgramRequest(
        String path, List<String> arguments, List<String> environment, String workingDirectory, FileTable files) {}
