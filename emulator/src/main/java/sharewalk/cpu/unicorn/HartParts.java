package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import sharewalk.cpu.GuestIsa;
import sharewalk.mmu.Mmu;
import unicorn.Engine;

/// The parts one hart is made of, wired by [HartBuilder].
record HartParts(
        GuestIsa isa,
        Engine engine,
        Arena arena,
        ModelledAccesses model,
        RegisterFile registers,
        GuestCode code,
        EngineTranslations translations,
        SoftTlb softTlb,
        BlockCounter blocks,
        BlockTables tables,
        InstructionDecoder decoder,
        EngineEvents events,
        DirectTranslations direct,
        EngineExceptions exceptions,
        HostDependentInstructions hostDependent,
        ContextStore contexts,
        boolean everyAccessSeen) {

    /// Returns the hart's MMU.
    Mmu mmu() {
        return model.mmu();
    }

    /// Gives everything native back: the engine first, for it may still call into the arena's memory.
    void close() {
        direct.close();
        engine.close();
        arena.close();
    }
}
