package sharewalk.experiment;

/// The version of Sharewalk. A test holds it against the build's.
public final class SharewalkVersion {
    /// The version as text.
    public static final String TEXT = "0.1.0-SNAPSHOT";

    private SharewalkVersion() {}
}
