package sharewalk.kernel.fs;

/// What a new file system is given: its device number and the clock.
public record FileSystemContext(long deviceId, FileClock clock) {}
