package sharewalk.cpu;

import java.util.List;
import sharewalk.mmu.paging.PagingMode;

/// A guest instruction set with the register roles of its Linux system-call convention.
///
/// Registers are numbered as the port numbers them: RISC-V x0 to x31; x86-64 rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi,
/// r8 to r15 (the encoding's own order).
public sealed interface GuestIsa permits RiscV64, X86_64 {
    /// The one instance of [RiscV64].
    RiscV64 RISCV64 = new RiscV64();

    /// The one instance of [X86_64].
    @SuppressWarnings("VariableNameSameAsType")
    X86_64 X86_64 = new X86_64();

    /// Returns every ISA, in the order reports list them.
    static List<GuestIsa> all() {
        return List.of(RISCV64, X86_64);
    }

    /// Returns the name used on the command line and in reports.
    String name();

    /// Returns the `e_machine` value of ELF files for this ISA.
    int elfMachine();

    /// Returns the paging mode used when none is asked for.
    PagingMode defaultPaging();

    /// Returns every paging mode this ISA can run under.
    List<PagingMode> pagingModes();

    /// Returns the number of general registers.
    int generalRegisters();

    /// Returns the register that holds the system-call number.
    int syscallNumberRegister();

    /// Returns the register that holds system-call argument `position`, 0 to 5.
    int argumentRegister(int position);

    /// Returns the register that receives a system call's result.
    int returnRegister();

    /// Returns the stack pointer.
    int stackPointerRegister();

    /// Returns the size in bytes of [Cpu#floatState()].
    int floatStateBytes();
}
