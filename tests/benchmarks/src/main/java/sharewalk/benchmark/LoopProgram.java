package sharewalk.benchmark;

import java.util.HexFormat;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import unicorn.RiscvConst;
import unicorn.X86Const;

/// The measured guest program: goes to a pseudo-random page, loads and stores there some number of times, and again.
///
/// @param source what the code assembles from, in GNU syntax
/// @param bytesAfterLoop the size of the system call that ends the program
/// @param registers the port's numbers of the registers that hold, in this order: the generator's state, multiplier and
///     increment, the page mask, the first page, the accesses per page, the pages to go to
/// @param engineRegisters the engine's numbers of the same registers
@SuppressWarnings("ArrayRecordComponent") // never compared
record LoopProgram(
        GuestIsa isa, String source, String hex, int bytesAfterLoop, int[] registers, int[] engineRegisters) {
    private static final int INSTRUCTIONS_PER_ACCESS = 5;

    private static final LoopProgram RISCV = new LoopProgram(
            GuestIsa.RISCV64,
            """
            next:
            mul a2, a2, a3
            add a2, a2, a4
            srli a0, a2, 32
            and a0, a0, a5
            slli a0, a0, 12
            add a0, a0, s1
            mv a1, s2
            again:
            ld a6, 0(a0)
            add a6, a6, a2
            sd a6, 8(a0)
            addi a1, a1, -1
            bnez a1, again
            addi s0, s0, -1
            bnez s0, next
            ecall
            """,
            "3306d6023a96135506027d8d32052695ca8503380500329823340501fd15f5f97d1479fc73000000",
            4,
            new int[] {12, 13, 14, 15, 9, 18, 8},
            new int[] {
                RiscvConst.UC_RISCV_REG_A2,
                RiscvConst.UC_RISCV_REG_A3,
                RiscvConst.UC_RISCV_REG_A4,
                RiscvConst.UC_RISCV_REG_A5,
                RiscvConst.UC_RISCV_REG_S1,
                RiscvConst.UC_RISCV_REG_S2,
                RiscvConst.UC_RISCV_REG_S0
            });

    private static final LoopProgram X86 = new LoopProgram(
            GuestIsa.X86_64,
            """
            .intel_syntax noprefix
            next:
            imul rdx, rdi
            add rdx, rsi
            mov rax, rdx
            shr rax, 32
            and rax, r8
            shl rax, 12
            add rax, rbx
            mov r10, r9
            again:
            mov r11, [rax]
            add r11, rdx
            mov [rax + 8], r11
            dec r10
            jnz again
            dec rcx
            jnz next
            syscall
            """,
            "480fafd74801f24889d048c1e8204c21c048c1e00c4801d84d89ca4c8b184901d34c89580849ffca75f148ffc975d10f05",
            2,
            new int[] {2, 7, 6, 8, 3, 9, 1},
            new int[] {
                X86Const.UC_X86_REG_RDX,
                X86Const.UC_X86_REG_RDI,
                X86Const.UC_X86_REG_RSI,
                X86Const.UC_X86_REG_R8,
                X86Const.UC_X86_REG_RBX,
                X86Const.UC_X86_REG_R9,
                X86Const.UC_X86_REG_RCX
            });

    /// Returns the program for an ISA.
    static LoopProgram of(GuestIsa isa) {
        return switch (isa) {
            case RiscV64 _ -> RISCV;
            case X86_64 _ -> X86;
        };
    }

    byte[] code() {
        return HexFormat.of().parseHex(hex);
    }

    /// Returns the values of [#registers()] at the start, for pages from `firstPage` on.
    long[] start(Workload workload, long firstPage) {
        return new long[] {
            1,
            workload.order().multiplier(),
            workload.order().increment(),
            workload.pages() - 1,
            firstPage,
            workload.accessesPerPage(),
            workload.visits()
        };
    }

    /// Returns the instructions of one run, the system call apart.
    long instructions(Workload workload) {
        long perVisit = (isa instanceof RiscV64 ? 9 : 10) + (long) INSTRUCTIONS_PER_ACCESS * workload.accessesPerPage();
        return perVisit * workload.visits();
    }
}
