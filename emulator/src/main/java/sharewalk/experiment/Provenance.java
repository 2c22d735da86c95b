package sharewalk.experiment;

import sharewalk.cpu.unicorn.UnicornMachine;

/// What made a result: versions without which it may not be repeatable.
public record Provenance(String sharewalkVersion, String engineName, String engineVersion, String kernel) {
    /// The supervisor that stands for Linux.
    public static final String EMULATED_LINUX = "emulated Linux";

    /// Returns what makes results now.
    static Provenance ofThisVersion() {
        return new Provenance(SharewalkVersion.TEXT, "Unicorn Engine", UnicornMachine.engineVersion(), EMULATED_LINUX);
    }
}
