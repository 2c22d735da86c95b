package sharewalk.kernel.mm;

/// What a file gives to mmap(2): pages of a page cache, or a window onto a shared region.
public sealed interface MapSource permits PageSource, Window {
    /// Returns the name shown in /proc/PID/maps and used as the label of the mapping.
    String name();
}
