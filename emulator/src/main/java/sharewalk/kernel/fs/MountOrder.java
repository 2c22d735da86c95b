package sharewalk.kernel.fs;

/// What mount(2) is told besides source, type and place.
///
/// @param typeOptions the comma-separated options for the file system type
public record MountOrder(MountOptions options, String typeOptions) {
    /// No options at all.
    public static final MountOrder PLAIN = new MountOrder(MountOptions.DEFAULT, "");
}
