package sharewalk.cpu;

import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.InvalidationScope;

/// One hart.
///
/// A hart runs on the caller's thread, and only one hart of a machine runs at a time.
public interface Cpu extends AutoCloseable {
    /// Returns the hart's number, from 0.
    int hart();

    /// Returns the instruction set it executes.
    GuestIsa isa();

    /// Returns the address of the next instruction.
    long pc();

    /// Sets the address of the next instruction.
    void setPc(long virtAddr);

    /// Returns a general register, numbered as [GuestIsa] says.
    long general(int index);

    /// Sets a general register; setting RISC-V's x0 does nothing.
    void setGeneral(int index, long value);

    /// Returns the thread pointer: the FS base of x86-64, `tp` of RISC-V.
    long threadPointer();

    /// Sets the thread pointer.
    void setThreadPointer(long value);

    /// Returns RFLAGS; 0 on RISC-V.
    long flags();

    /// Sets the flags a user may change; ignored on RISC-V.
    void setFlags(long value);

    /// Returns the floating-point and vector state in the layout [GuestIsa#floatStateBytes()] names.
    byte[] floatState();

    /// Sets the floating-point and vector state.
    void setFloatState(byte[] state);

    /// Puts all registers into the state Linux gives a program at `execve`.
    void resetRegisters();

    /// Returns memory for one saved state.
    CpuContext newContext();

    /// Saves the hart's registers.
    void save(CpuContext into);

    /// Loads the hart's registers, dropping any load reservation.
    void restore(CpuContext from);

    /// Makes `to` equal to `from`.
    void copy(CpuContext from, CpuContext to);

    /// Switches to an address space; what the modelled TLBs hold stays, told apart by its tags.
    ///
    /// @param space its tables and tags
    /// @param code identity of its executable content
    /// @param counters where events are counted, by address
    void enter(AddressSpaceRegister space, CodeImage code, CounterMap counters);

    /// Counts from now on in `counters`, in the same address space.
    void chargeTo(CounterMap counters);

    /// Replaces the identity of the executable content of the address space being run.
    void useCode(CodeImage code);

    /// Runs until something needs a supervisor or the first block boundary at or after `budget` instructions.
    ///
    /// Retired instructions are counted as [sharewalk.mmu.count.Counter#INSTRUCTIONS] at the page they lie in.
    StopReason run(long budget);

    /// Returns the instructions this hart has retired since it was made.
    long instructions();

    /// Drops cached translations for a reason: modelled ones and the engine's own.
    void invalidate(InvalidationScope scope, FlushCause cause);

    /// Drops what a page fault drops by itself on this ISA (Intel SDM 3A 4.10.4.1; nothing on RISC-V).
    void dropAfterFault(long virtAddr);

    @Override
    void close();
}
