package sharewalk.cpu.unicorn;

import sharewalk.cpu.GuestIsa;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.paging.PagingMode;

/// What a machine is made of.
///
/// @param harts the number of harts, at least 1
/// @param ramBytes guest RAM, a multiple of the page size
/// @param seed of every random choice
/// @param exhaustive whether the model is told every access by hooks instead of only those that can change it
/// @param misses whether it finds out why its TLBs miss
public record MachineSpec(
        GuestIsa isa,
        PagingMode paging,
        MachineProfile profile,
        int harts,
        long ramBytes,
        long seed,
        boolean exhaustive,
        MissExplanation misses) {
    /// Returns this machine with the model told every access.
    public MachineSpec exhaustively() {
        return new MachineSpec(isa, paging, profile, harts, ramBytes, seed, true, misses);
    }

    /// Returns this machine with another explanation of its misses.
    public MachineSpec explaining(MissExplanation explanation) {
        return new MachineSpec(isa, paging, profile, harts, ramBytes, seed, exhaustive, explanation);
    }
}
