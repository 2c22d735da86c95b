package unicorn;

/// The answer to an access whose translation is not cached, asked for before the engine looks itself.
@FunctionalInterface
public interface RawDirectFill {
    /// Returns the host address of the page, or a negative number to leave everything to the engine.
    ///
    /// The program counter is not up to date in here, and nothing may stop the run.
    ///
    /// @param virtPage start of the page
    /// @param store 1 for a store, 0 for a load
    long hostPage(long virtPage, long store);
}
