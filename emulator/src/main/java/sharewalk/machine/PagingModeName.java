package sharewalk.machine;

import java.util.Locale;
import sharewalk.mmu.paging.PagingMode;

/// The names of paging modes in profiles, on the command line and in reports.
public final class PagingModeName {
    private PagingModeName() {}

    /// Returns the name of a mode.
    public static String of(PagingMode mode) {
        return switch (mode) {
            case SV39, SV48, SV57 -> mode.name().toLowerCase(Locale.ROOT);
            case X86_64_4LEVEL -> "4-level";
            case X86_64_5LEVEL -> "5-level";
        };
    }
}
