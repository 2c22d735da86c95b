package unicorn;

/// Constants of RISC-V guests: the CPU models, and the registers by inheritance.
public interface RiscvConst extends RiscvRegisterConst, RiscvCsrConst {
    int UC_CPU_RISCV32_ANY = 0;
    int UC_CPU_RISCV32_BASE32 = 1;
    int UC_CPU_RISCV32_SIFIVE_E31 = 2;
    int UC_CPU_RISCV32_SIFIVE_U34 = 3;
    int UC_CPU_RISCV32_ENDING = 4;

    int UC_CPU_RISCV64_ANY = 0;
    int UC_CPU_RISCV64_BASE64 = 1;
    int UC_CPU_RISCV64_SIFIVE_E51 = 2;
    int UC_CPU_RISCV64_SIFIVE_U54 = 3;
    int UC_CPU_RISCV64_ENDING = 4;
}
