package sharewalk.cpu;

import java.util.List;
import sharewalk.mmu.paging.PagingMode;

/// x86-64 with the Linux convention of the System V ABI supplement: rax the number, rdi, rsi, rdx, r10, r8, r9 the
/// arguments.
public record X86_64() implements GuestIsa {
    private static final int[] ARGUMENTS = {7, 6, 2, 10, 8, 9};
    private static final int RAX = 0;
    private static final int RSP = 4;
    private static final int ELF_MACHINE = 62;
    private static final int FXSAVE_BYTES = 512;

    @Override
    public String name() {
        return "x86_64";
    }

    @Override
    public int elfMachine() {
        return ELF_MACHINE;
    }

    @Override
    public PagingMode defaultPaging() {
        return PagingMode.X86_64_4LEVEL;
    }

    @Override
    public List<PagingMode> pagingModes() {
        return List.of(PagingMode.X86_64_4LEVEL, PagingMode.X86_64_5LEVEL);
    }

    @Override
    public int generalRegisters() {
        return 16;
    }

    @Override
    public int syscallNumberRegister() {
        return RAX;
    }

    @Override
    public int argumentRegister(int position) {
        return ARGUMENTS[position];
    }

    @Override
    public int returnRegister() {
        return RAX;
    }

    @Override
    public int stackPointerRegister() {
        return RSP;
    }

    /// The FXSAVE image in its 64-bit layout (Intel SDM volume 1, 10.5.1).
    @Override
    public int floatStateBytes() {
        return FXSAVE_BYTES;
    }
}
