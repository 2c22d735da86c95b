package sharewalk.experiment;

/// What made a result: versions without which it may not be repeatable.
public record Provenance(String sharewalkVersion, String engineName, String engineVersion, String kernel) {
    /// The supervisor that stands for Linux.
    public static final String EMULATED_LINUX = "emulated Linux";
}
