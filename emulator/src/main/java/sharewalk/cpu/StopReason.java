package sharewalk.cpu;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.WalkFault;

/// Why a hart stopped running guest instructions.
///
/// Except for [Limit] and [SystemCall] the pc is that of the instruction that stopped, and nothing of it has retired.
public sealed interface StopReason {
    /// The budget of instructions is used up; the pc is the next block's start.
    record Limit() implements StopReason {}

    /// A system call; the pc is the instruction after it and the arguments are in their registers.
    record SystemCall() implements StopReason {}

    /// A translation that failed.
    ///
    /// @param virtAddr the exact address; for an access that crosses pages and fails on the second, that page's
    ///     start
    /// @param access the kind of access; a read-modify-write operand is a store
    /// @param cause what the walk or the translation cache found
    record PageFault(long virtAddr, AccessType access, WalkFault cause) implements StopReason {}

    /// An instruction the hart does not know or may not execute at its privilege.
    record IllegalInstruction() implements StopReason {}

    /// `ebreak` or `int3`; on x86-64 the pc is the instruction after it, as the hardware reports a trap.
    record Breakpoint() implements StopReason {}

    /// An integer division x86 refuses (#DE).
    record DivideError() implements StopReason {}

    /// A general-protection, segment or stack fault of x86 (#GP, #NP, #SS).
    record GeneralProtection() implements StopReason {}

    /// An unmasked floating-point exception of x86 (#MF, #XM).
    record FloatingPointError() implements StopReason {}

    /// An access whose alignment the instruction does not allow.
    record MisalignedAccess(long virtAddr, AccessType access) implements StopReason {}

    /// A translation that leads outside the machine's memory.
    record BusError(long virtAddr) implements StopReason {}

    /// The engine refused to go on, in a way no guest should be able to cause.
    record EngineFailure(String what) implements StopReason {}
}
