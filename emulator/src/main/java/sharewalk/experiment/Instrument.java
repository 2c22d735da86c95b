package sharewalk.experiment;

/// Something that looks on during a run. It changes no figure of the run without it.
public enum Instrument {
    /// Compares what harts have cached with their page tables whenever either can have changed.
    SANITIZER
}
