package sharewalk.kernel.process;

import static sharewalk.abi.AuxVector.AT_BASE;
import static sharewalk.abi.AuxVector.AT_CLKTCK;
import static sharewalk.abi.AuxVector.AT_EGID;
import static sharewalk.abi.AuxVector.AT_ENTRY;
import static sharewalk.abi.AuxVector.AT_EUID;
import static sharewalk.abi.AuxVector.AT_FLAGS;
import static sharewalk.abi.AuxVector.AT_GID;
import static sharewalk.abi.AuxVector.AT_HWCAP;
import static sharewalk.abi.AuxVector.AT_HWCAP2;
import static sharewalk.abi.AuxVector.AT_MINSIGSTKSZ;
import static sharewalk.abi.AuxVector.AT_PAGESZ;
import static sharewalk.abi.AuxVector.AT_PHDR;
import static sharewalk.abi.AuxVector.AT_PHENT;
import static sharewalk.abi.AuxVector.AT_PHNUM;
import static sharewalk.abi.AuxVector.AT_SECURE;
import static sharewalk.abi.AuxVector.AT_UID;

import java.util.ArrayList;
import java.util.List;
import sharewalk.abi.RiscvFrameLayout;
import sharewalk.abi.X86FrameLayout;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.elf.ElfImage;

/// The pairs of the auxiliary vector that say what the machine and the program are (getauxval(3)).
final class AuxiliaryVector {
    /// The letters of rv64imafdc, bit 0 for A.
    private static final long RISCV_HWCAP = 0x112d;

    /// CPUID leaf 1, EDX, of the processor the engine stands for.
    private static final long X86_HWCAP = 0x178b_fbff;

    private static final long TICKS_PER_SECOND = 100;
    private static final long PAGE = 4096;

    private AuxiliaryVector() {}

    static List<long[]> of(GuestIsa isa, ElfImage image, long bias, long chosenHwcap) {
        long hwcap = switch (isa) {
            case RiscV64 _ -> RISCV_HWCAP;
            case X86_64 _ -> X86_HWCAP;
        };
        long frame = switch (isa) {
            case RiscV64 _ -> RiscvFrameLayout.SIZE;
            case X86_64 _ -> X86FrameLayout.SIZE + X86FrameLayout.FXSAVE_SIZE;
        };
        List<long[]> pairs = new ArrayList<>();
        pairs.add(pair(AT_MINSIGSTKSZ, frame + 64));
        pairs.add(pair(AT_HWCAP, chosenHwcap != 0 ? chosenHwcap : hwcap));
        pairs.add(pair(AT_PAGESZ, PAGE));
        pairs.add(pair(AT_CLKTCK, TICKS_PER_SECOND));
        pairs.add(pair(AT_PHDR, image.programHeaderAddress() + bias));
        pairs.add(pair(AT_PHENT, image.programHeaderSizeBytes()));
        pairs.add(pair(AT_PHNUM, image.programHeaderCount()));
        pairs.add(pair(AT_BASE, 0));
        pairs.add(pair(AT_FLAGS, 0));
        pairs.add(pair(AT_ENTRY, image.entry() + bias));
        pairs.add(pair(AT_UID, 0));
        pairs.add(pair(AT_EUID, 0));
        pairs.add(pair(AT_GID, 0));
        pairs.add(pair(AT_EGID, 0));
        pairs.add(pair(AT_SECURE, 0));
        pairs.add(pair(AT_HWCAP2, 0));
        return pairs;
    }

    private static long[] pair(int key, long value) {
        return new long[] {key, value};
    }
}
