package sharewalk.cpu.unicorn;

import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import sharewalk.mmu.memory.PhysicalMemory;
import unicorn.Engine;
import unicorn.EngineContext;
import unicorn.RiscvConst;

/// The place in an engine's saved registers where RISC-V's load reservation lies.
///
/// No register names it and the layout is the library's own, so it is looked for: after an LR from a known address, the
/// word that holds this address and belongs to no register.
final class LoadReservation {
    /// `lr.d a0, (a1)`.
    private static final int LOAD_RESERVED = 0x1005_b52f;

    private static final int INSTRUCTION_BYTES = 4;
    private static final long PROBED_ADDRESS = 0x5a8;
    private static final int A1 = 11;

    private LoadReservation() {}

    /// Returns the offset in a context, or empty where no single word fits.
    ///
    /// Preconditions:
    /// - frame 0 is unused, and the engine translates every address to itself
    static OptionalLong find(Engine engine, PhysicalMemory memory) {
        memory.write32(0, LOAD_RESERVED);
        engine.regWrite(RiscvConst.UC_RISCV_REG_X0 + A1, PROBED_ADDRESS);
        int error = engine.emuStart(0, INSTRUCTION_BYTES, 0, 0);
        engine.regWrite(RiscvConst.UC_RISCV_REG_X0 + A1, 0);
        OptionalLong found = OptionalLong.empty();
        try (EngineContext context = engine.contextAlloc()) {
            if (error == 0 && engine.contextSave(context) == 0) {
                found = onlyWord(context);
            }
        }
        memory.write32(0, 0);
        engine.invalidateCode(0, PhysicalMemory.FRAME_BYTES);
        return found;
    }

    private static OptionalLong onlyWord(EngineContext context) {
        long found = -1;
        for (long at = 0; at + Long.BYTES <= context.segment().byteSize(); at += Long.BYTES) {
            if (context.segment().get(ValueLayout.JAVA_LONG, at) == PROBED_ADDRESS) {
                if (found >= 0) {
                    return OptionalLong.empty();
                }
                found = at;
            }
        }
        return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
    }
}
