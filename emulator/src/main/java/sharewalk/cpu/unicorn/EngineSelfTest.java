package sharewalk.cpu.unicorn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import unicorn.Engine;
import unicorn.UnicornException;

/// The test, at start-up, of everything an engine must do for counts to be exact.
///
/// A library of another version is as good as the one this was written for if it passes; one that fails is refused by
/// name of what fails.
final class EngineSelfTest {
    private static final Set<GuestIsa> PASSED = new HashSet<>();

    private EngineSelfTest() {}

    /// Checks the engine for one ISA, once.
    ///
    /// @throws EngineRefusedException naming what fails
    static synchronized void requirePassed(GuestIsa isa) {
        if (PASSED.contains(isa)) {
            return;
        }
        if (!Engine.isAvailable()) {
            throw new EngineRefusedException(
                    "libunicorn cannot be loaded; run ./scripts/sharewalk, which fetches it, or install Unicorn 2.1.4");
        }
        List<String> findings = findings(isa);
        if (!findings.isEmpty()) {
            throw new EngineRefusedException(
                    "libunicorn %s cannot be used for %s: %s; Sharewalk needs Unicorn 2.1.4 or a newer one that behaves alike"
                            .formatted(version(), isa.name(), String.join("; ", findings)));
        }
        PASSED.add(isa);
    }

    private static List<String> findings(GuestIsa isa) {
        List<String> findings = new ArrayList<>();
        try (EngineProbe probe = new EngineProbe(isa)) {
            findings.addAll(probe.findings());
            if (findings.isEmpty() && !CountProbe.countsExactly(isa)) {
                findings.add("a loop of known length is not counted exactly");
            }
        } catch (UnicornException e) {
            findings.add(String.valueOf(e.getMessage()));
        }
        for (String symbol : Engine.missingSymbols()) {
            if (!symbol.endsWith(isa instanceof RiscV64 ? "_x86_64" : "_riscv64")) {
                findings.add("no function " + symbol);
            }
        }
        return findings;
    }

    private static String version() {
        int version = Engine.version();
        return "%d.%d.%d".formatted(version >>> 24, version >>> 16 & 0xff, version >>> 8 & 0xff);
    }
}
