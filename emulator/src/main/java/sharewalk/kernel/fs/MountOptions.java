package sharewalk.kernel.fs;

/// How a file system is mounted.
///
/// @param readOnly whether changes are refused (-EROFS)
/// @param noExec whether programs may not be run from it
public record MountOptions(boolean readOnly, boolean noExec) {
    /// Everything allowed.
    public static final MountOptions DEFAULT = new MountOptions(false, false);

    /// No changes.
    public static final MountOptions READ_ONLY = new MountOptions(true, false);
}
