package sharewalk.kernel.mm;

import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import sharewalk.kernel.mm.flush.FlushScheme;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.RiscvPteFormat;
import sharewalk.mmu.paging.X86PteFormat;

/// What Linux's memory management does differently on the two architectures (`arch/x86/mm`, `arch/riscv/mm`).
public enum KernelRules {
    /// `arch/x86`.
    X86_64,
    /// `arch/riscv`.
    RISCV;

    private static final int P4D_LEVEL = 3;

    /// Returns the rules of the architecture a paging mode belongs to.
    public static KernelRules of(PagingMode mode) {
        return switch (mode.format()) {
            case RiscvPteFormat _ -> RISCV;
            case X86PteFormat _ -> X86_64;
        };
    }

    /// Returns the level whose entries are Linux's P4D entries: the root's, unless there are five levels (`P4D_SIZE`).
    public static int p4dLevel(PagingMode mode) {
        return Math.min(mode.rootLevel(), P4D_LEVEL);
    }

    /// Returns whether the hart that installed an entry drops what it may remember of the address
    /// (`update_mmu_cache_range`).
    boolean fencesAfterInstall() {
        return this == RISCV;
    }

    /// Returns whose way of flushing it is.
    FlushScheme.Kernel flushes() {
        return switch (this) {
            case X86_64 -> FlushScheme.Kernel.X86;
            case RISCV -> FlushScheme.Kernel.RISCV;
        };
    }

    /// Returns whether a fault for `access` in an area with rights `prot` is a legal one (`access_error`).
    boolean allows(int prot, AccessType access) {
        return switch (access) {
            case STORE -> (prot & PROT_WRITE) != 0;
            case FETCH -> (prot & PROT_EXEC) != 0;
            // Hardware lets whoever may write read; on x86 whoever may execute too.
            case LOAD -> (prot & (PROT_READ | PROT_WRITE | (this == X86_64 ? PROT_EXEC : 0))) != 0;
        };
    }

    /// Returns the rights that entries of a mapping with rights `prot` have, the right to write included
    /// (`protection_map`).
    public Permissions permissions(int prot) {
        boolean write = (prot & PROT_WRITE) != 0;
        boolean execute = (prot & PROT_EXEC) != 0;
        boolean read = (prot & PROT_READ) != 0 || write || (this == X86_64 && execute);
        return Permissions.ofUser(read, write, execute);
    }
}
