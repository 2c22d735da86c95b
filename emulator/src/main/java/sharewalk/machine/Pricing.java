package sharewalk.machine;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import sharewalk.cost.Cost;
import sharewalk.cost.CostTable;
import sharewalk.cost.Primitive;
import sharewalk.cost.ReferenceCosts;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;

/// The prices that a profile gives; the others are the reference's for the ISA of the programs.
///
/// @param clockMhz the clock that the cycles are of
/// @param clockBasis where that clock is stated, or why it was assumed
public record Pricing(int clockMhz, String clockBasis, Map<Primitive, Cost> own) {
    public Pricing {
        EnumMap<Primitive, Cost> copy = new EnumMap<>(Primitive.class);
        copy.putAll(own);
        own = Collections.unmodifiableMap(copy);
    }

    /// Returns the prices of a machine under a kernel for an ISA.
    ///
    /// @throws IllegalArgumentException if these and the reference's contradict each other
    CostTable table(String machine, GuestIsa isa) {
        return reference(isa).with(machine, clockMhz, clockBasis, own);
    }

    /// Returns the prices of no particular machine.
    static CostTable reference(GuestIsa isa) {
        return switch (isa) {
            case RiscV64 _ -> ReferenceCosts.RISCV;
            case X86_64 _ -> ReferenceCosts.X86_64;
        };
    }
}
