package sharewalk.kernel.fs.proc;

/// The machine as /proc shows it.
public interface SystemView {
    /// Returns the RAM and what of it is in use.
    SystemMemory memory();

    /// Returns the text of /proc/cpuinfo.
    String cpuInfo();

    /// Returns the release of the kernel, as uname(2) tells it.
    String kernelRelease();

    /// Returns the time since the machine started, in nanoseconds of its own clock.
    long uptimeNanoseconds();

    /// Returns how many harts there are.
    int harts();

    /// The lines of /proc/meminfo, in bytes.
    record SystemMemory(long total, long free, long cached, long anonymous, long shared, long pageTables, Swap swap) {}

    /// The swap area, in bytes.
    record Swap(long total, long free) {}
}
