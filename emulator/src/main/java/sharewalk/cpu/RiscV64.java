package sharewalk.cpu;

import java.util.List;
import sharewalk.mmu.paging.PagingMode;

/// rv64gc with the Linux convention of the RISC-V psABI: a7 the number, a0 to a5 the arguments.
public record RiscV64() implements GuestIsa {
    private static final int A0 = 10;
    private static final int A7 = 17;
    private static final int SP = 2;
    private static final int ELF_MACHINE = 243;

    @Override
    public String name() {
        return "riscv64";
    }

    @Override
    public int elfMachine() {
        return ELF_MACHINE;
    }

    @Override
    public PagingMode defaultPaging() {
        return PagingMode.SV39;
    }

    @Override
    public List<PagingMode> pagingModes() {
        return List.of(PagingMode.SV39, PagingMode.SV48, PagingMode.SV57);
    }

    @Override
    public int generalRegisters() {
        return 32;
    }

    @Override
    public int syscallNumberRegister() {
        return A7;
    }

    @Override
    public int argumentRegister(int position) {
        return A0 + position;
    }

    @Override
    public int returnRegister() {
        return A0;
    }

    @Override
    public int stackPointerRegister() {
        return SP;
    }

    /// f0 to f31, then fcsr in the last eight bytes.
    @Override
    public int floatStateBytes() {
        return 33 * Long.BYTES;
    }
}
