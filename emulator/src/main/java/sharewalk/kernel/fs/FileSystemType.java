package sharewalk.kernel.fs;

/// A type of file system that mount(2) finds by name.
public interface FileSystemType {
    /// Returns the name, as given to mount(2) and listed in /proc/filesystems.
    String name();

    /// Makes an instance, from the comma-separated options of mount(2) (empty when there are none).
    Outcome<FileSystem> create(FileSystemContext context, String options);
}
