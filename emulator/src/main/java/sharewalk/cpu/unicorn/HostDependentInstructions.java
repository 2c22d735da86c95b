package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;

/// What the engine must not execute itself: instructions whose answer would come from the host's clock or random
/// source, and instructions it executes although user mode may not.
interface HostDependentInstructions {
    /// Executes the instruction in `code` from `offset` to `end`; the program counter is moved by the caller.
    ///
    /// @param instructions retired before it on this hart: the guest's only clock
    /// @return why it stops the hart, having done nothing, or null where it is done
    @Nullable
    StopReason execute(byte[] code, int offset, int end, long instructions);
}
