package sharewalk.kernel.process;

import static sharewalk.abi.Signals.SA_ONSTACK;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;

/// The record that the kernel leaves on a task's stack for a signal handler and takes back at sigreturn.
public sealed interface SignalFrame permits RiscvSignalFrame, X86SignalFrame {
    /// Returns the frame format of an instruction set.
    static SignalFrame of(GuestIsa isa) {
        return switch (isa) {
            case RiscV64 _ -> new RiscvSignalFrame();
            case X86_64 _ -> new X86SignalFrame();
        };
    }

    /// Writes the frame and sets the registers so that the task goes on in its handler; throws
    /// [BadAddressException] where the stack cannot be written, with the registers as they were.
    void push(Cpu cpu, TaskMemory memory, Request request);

    /// Reads the frame a handler returned with and sets the registers from it; throws [BadAddressException] where it
    /// cannot be read. Returns the mask to block from now on and the alternate stack, or null for a frame no kernel
    /// wrote.
    @Nullable
    Restored pop(Cpu cpu, TaskMemory memory);

    /// What a frame is made from.
    ///
    /// @param signalMask what sigreturn will block again
    /// @param trampoline where a handler returns to, unless its action names a place of its own
    record Request(
            SignalDetail detail,
            SignalAction action,
            long signalMask,
            AlternateStack stack,
            Trap trap,
            long trampoline) {
        /// Returns the stack pointer a frame begins below: the alternate stack's end or what the task has now.
        long stackTop(long stackPointer, int redZone) {
            boolean wantsOther = action.has(SA_ONSTACK) && stack.enabled();
            return wantsOther && !stack.holds(stackPointer) ? stack.end() : stackPointer - redZone;
        }
    }

    /// What sigreturn takes from a frame beside the registers.
    record Restored(long signalMask, AlternateStack stack) {}
}
