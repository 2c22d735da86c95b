package sharewalk.machine;

import java.util.OptionalInt;

/// What a kernel does otherwise because it runs on this machine.
///
/// @param pageFlushCeiling the highest number of pages it invalidates one by one; empty for the kernel's own rule
public record KernelTuning(OptionalInt pageFlushCeiling) {
    /// A kernel as it is on any other machine.
    public static final KernelTuning NONE = new KernelTuning(OptionalInt.empty());
}
