package sharewalk.cpu;

/// A saved execution state of one task: all user-visible registers of a hart.
public interface CpuContext extends AutoCloseable {
    /// Gives the memory behind the state back; the state must not be used any more.
    @Override
    void close();
}
