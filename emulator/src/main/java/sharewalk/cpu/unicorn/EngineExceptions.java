package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;

/// The exceptions of an ISA as its engine reports them.
interface EngineExceptions {
    /// Returns what an interrupt number means, having moved the program counter to where the hardware would report it.
    StopReason interrupt(int number);

    /// Returns what an error that ended the run means, or null where no guest can cause it.
    @Nullable
    StopReason error(int error);
}
