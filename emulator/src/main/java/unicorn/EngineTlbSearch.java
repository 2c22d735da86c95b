package unicorn;

import java.util.Optional;

/// The way to an engine's [EngineTlb].
public final class EngineTlbSearch {
    private EngineTlbSearch() {}

    /// A load that the engine is made to execute.
    @FunctionalInterface
    public interface Load {
        /// Executes an instruction that loads from an address; returns whether it ended well.
        boolean from(long virtAddr);
    }

    /// Returns the view of an engine's cached translations, or empty where they are not found.
    ///
    /// Preconditions:
    /// - the engine is in the mode it will run user code in, and its general registers may be overwritten
    /// - its fill hook gives every page all rights, at physical address 0
    ///
    /// @param load executes a load on this engine
    /// @param host the host address of physical address 0
    public static Optional<EngineTlb> find(Engine engine, Load load, long host) {
        return new EngineTlbProbe(engine, load, host).find();
    }
}
