package sharewalk.cpu.unicorn;

import java.util.List;
import sharewalk.cpu.GuestIsa;
import unicorn.Engine;

/// The test, at start-up, of everything an engine must do for counts to be exact.
final class EngineSelfTest {
    private EngineSelfTest() {}

    /// Checks the engine for one ISA.
    ///
    /// @throws EngineRefusedException naming what fails
    static void requirePassed(GuestIsa isa) {
        if (!Engine.isAvailable()) {
            throw new EngineRefusedException(
                    "libunicorn cannot be loaded; run ./scripts/sharewalk, which fetches it, or install Unicorn 2.1.4");
        }
        List<String> missing = Engine.missingSymbols();
        if (!missing.isEmpty()) {
            throw new EngineRefusedException("This libunicorn lacks %s for %s; Unicorn 2.1.4 has them"
                    .formatted(String.join(", ", missing), isa.name()));
        }
    }
}
