package sharewalk.benchmark;

/// Something that executes the [LoopProgram] from its beginning to its end.
interface LoopRunner extends AutoCloseable {
    /// Executes the program once.
    void run();

    /// Returns the L1D misses counted in all runs, 0 where nothing is counted.
    long dataMisses();

    @Override
    void close();
}
