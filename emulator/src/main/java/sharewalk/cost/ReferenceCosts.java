package sharewalk.cost;

/// The prices of no particular machine, one table for each architecture: what a machine profile has where it gives no
/// price of its own.
///
/// A price counts as sourced where a source gives its typical figure; the ends of its range then come from the same or
/// other sources, or are set wide. Figures in nanoseconds were turned into cycles at the table's clock.
public final class ReferenceCosts {
    /// A server core of the years 2015 to 2023 that runs Linux.
    public static final CostTable X86_64 = new CostTable(
            "x86-64 reference", 3000, "a round figure among the cores that the sources measured", x86().costs());

    /// A RISC-V application core on a board of the years 2020 to 2025 that runs Linux. Nearly all of it is guessed.
    public static final CostTable RISCV = new CostTable(
            "RISC-V reference",
            1500,
            "U74 in JH7110 1.5 GHz, P550 in EIC7700X 1.4 GHz, C910 in TH1520 1.85 GHz",
            riscv().costs());

    private ReferenceCosts() {}

    private static PriceList x86() {
        return x86Memory(x86Entry(x86Invalidation(x86Translation(new PriceList()))));
    }

    private static PriceList x86Translation(PriceList list) {
        return list.sourced(
                        Primitive.L2_TLB_HIT,
                        7,
                        9,
                        12,
                        "7: Intel's event description for Sandy Bridge; 9: 7-cpu.com, Skylake; 12: measured on Haswell")
                .guessed(
                        Primitive.WALK_START,
                        0,
                        2,
                        10,
                        "a walk cache takes about 1 cycle (Virtuoso's model); hidden behind the L2 lookup at best")
                .sourced(
                        Primitive.WALK_STEP_L1,
                        4,
                        5,
                        6,
                        "4 to 6: Intel's manual for Skylake-SP, as quoted by Oracle's Linux blog, September 2023")
                .sourced(
                        Primitive.WALK_STEP_L2,
                        12,
                        14,
                        16,
                        "12: Intel's optimization manual, Skylake client; 14: Skylake-SP (Oracle's Linux blog), Zen 5")
                .guessed(
                        Primitive.WALK_STEP_L3,
                        44,
                        60,
                        80,
                        "44: Intel's optimization manual, Skylake client; server meshes are slower")
                .guessed(Primitive.WALK_STEP_MEMORY, 210, 250, 450, "DRAM in 70 to 90 ns; another socket in 150 ns")
                .guessed(
                        Primitive.DIRTY_ASSIST,
                        20,
                        150,
                        700,
                        "a locked update takes 19 cycles (uops.info, Alder Lake); a microcode assist hundreds");
    }

    private static PriceList x86Invalidation(PriceList list) {
        return list.sourced(
                        Primitive.PAGE_INVALIDATION,
                        120,
                        300,
                        420,
                        "100 ns: arch/x86/mm/tlb.c, at tlb_single_page_flush_ceiling; 140 ns: Shi, LKML May 2012;"
                                + " 85 to 116 ns a page with mprotect's own work, Zen 4 virtual machine")
                .sourced(
                        Primitive.FULL_FLUSH,
                        120,
                        300,
                        420,
                        "as much as one INVLPG or less: Shi, LKML May 2012; what is missed afterwards is apart")
                .guessed(
                        Primitive.SWITCH_FLUSH,
                        0,
                        0,
                        420,
                        "the write of CR3 flushes unless bit 63 is set, and contextSwitch includes it; high: a fullFlush"
                                + " of its own, as exec's, which is no switch")
                .guessed(
                        Primitive.IPI_FIXED,
                        500,
                        1500,
                        4000,
                        "the queues and the interrupt command register of smp_call_function_many_cond")
                .guessed(
                        Primitive.IPI_TARGET,
                        1000,
                        1800,
                        4500,
                        "an answer takes 1,000 cycles and more (Amit and others, EuroSys 2020); entry as faultEntry")
                .guessed(Primitive.BROADCAST, 100, 300, 1000, "as INVLPG here; INVLPGB does not wait")
                .guessed(
                        Primitive.BROADCAST_SYNC,
                        300,
                        1000,
                        3000,
                        "flushes fell from 40 % to 4 % of the time of a 36-core Milan (van Riel, LKML December 2024)")
                .sourced(Primitive.SBI_CALL, 0, 0, 0, "x86-64 has no such firmware")
                .sourced(Primitive.REMOTE_FENCE, 0, 0, 0, "x86-64 has no such firmware");
    }

    private static PriceList x86Entry(PriceList list) {
        return list.sourced(
                        Primitive.FAULT_ENTRY,
                        700,
                        1050,
                        2000,
                        "Haswell: 715 for the exception, 330 for iret (Torvalds, Google+, April 2014); high: page-table"
                                + " isolation")
                .guessed(
                        Primitive.FAULT_SERVICE,
                        250,
                        1000,
                        3000,
                        "low: Torvalds's zero-page fault, its rest; typical: a zeroing fault of 3,241 cycles (11th"
                                + " generation Core) less entry and zeroing; high: 1.22 us, Zen 4 virtual machine")
                .sourced(
                        Primitive.SYSCALL_ENTRY,
                        200,
                        600,
                        720,
                        "getpid 191 to 217 ns, Skylake-X (Oracle's Linux blog, 2023); 228 to 237 ns with isolation"
                                + " (Lutomirski, 2018); low: without mitigations, assumed")
                .guessed(
                        Primitive.CONTEXT_SWITCH,
                        1500,
                        4000,
                        8000,
                        "2.4 us with a pipe's read and write, 11th generation Core, less those");
    }

    private static PriceList x86Memory(PriceList list) {
        return list.guessed(
                        Primitive.PTE_READ, 1, 4, 14, "a load: in a row at best, of the second-level cache at worst")
                .guessed(
                        Primitive.PTE_WRITE,
                        1,
                        20,
                        60,
                        "a plain store to an exchange (19 cycles, uops.info) with a share of the table's lock")
                .guessed(Primitive.TABLE_ALLOCATION, 500, 1400, 3000, "as pageZero, with constructor and accounting")
                .guessed(Primitive.TABLE_FREE, 150, 400, 1500, "batched at best, its own at worst")
                .sourced(
                        Primitive.PAGE_ZERO,
                        300,
                        1100,
                        2500,
                        "13.7 GB/s for 4 KiB on AMD Milan (x86/clear_page, January 2026) and 200 cycles to allocate,"
                                + " assumed; low: 32 bytes a cycle in cache")
                .guessed(
                        Primitive.PAGE_COPY,
                        500,
                        1700,
                        4500,
                        "reads and writes what pageZero writes; high: 1.0 to 1.5 us more than a fault without, Zen 4"
                                + " virtual machine")
                .guessed(Primitive.PAGE_CACHE_LOOKUP, 30, 100, 600, "three dependent loads and a reference count")
                .guessed(Primitive.AREA_CHANGE, 300, 1000, 4000, "a maple-tree store, a slab object, locks")
                .guessed(Primitive.SHARER_VISIT, 10, 40, 300, "the next of a list: one to three dependent loads");
    }

    private static PriceList riscv() {
        return riscvKernel(riscvInvalidation(riscvTranslation(new PriceList())));
    }

    private static PriceList riscvTranslation(PriceList list) {
        return list.guessed(Primitive.L2_TLB_HIT, 3, 8, 15, "not published; as x86-64")
                .guessed(Primitive.WALK_START, 0, 3, 10, "as x86-64")
                .guessed(Primitive.WALK_STEP_L1, 2, 3, 5, "loads of U74, P550 and C910 take 2 to 3 cycles")
                .guessed(Primitive.WALK_STEP_L2, 12, 20, 60, "from a core's own to a cluster's shared second level")
                .guessed(Primitive.WALK_STEP_L3, 35, 45, 80, "a shared third level, where there is one")
                .guessed(Primitive.WALK_STEP_MEMORY, 150, 220, 400, "DRAM in 100 to 260 ns")
                .guessed(Primitive.DIRTY_ASSIST, 10, 60, 200, "an atomic update by the walker (Svadu)");
    }

    private static PriceList riscvInvalidation(PriceList list) {
        return list.guessed(
                        Primitive.PAGE_INVALIDATION,
                        10,
                        50,
                        300,
                        "sfence.vma empties the pipeline; without it lat_pagefault gained 20 % on one core"
                                + " (Ghiti, LKML January 2024)")
                .guessed(Primitive.FULL_FLUSH, 10, 60, 300, "as pageInvalidation; what is missed afterwards is apart")
                .guessed(Primitive.SWITCH_FLUSH, 10, 60, 300, "as fullFlush: sfence.vma, besides the write of satp")
                .guessed(Primitive.IPI_FIXED, 300, 1000, 4000, "the kernel's queues, then a call into the firmware")
                .guessed(
                        Primitive.IPI_TARGET,
                        700,
                        2000,
                        8000,
                        "the firmware's and the kernel's interrupt entry and exit on the other hart, and its answer")
                .guessed(Primitive.BROADCAST, 50, 200, 1000, "no part has it; as Arm's, assumed")
                .guessed(Primitive.BROADCAST_SYNC, 100, 500, 2000, "no part has it; as Arm's, assumed")
                .guessed(Primitive.SBI_CALL, 200, 600, 2000, "a trap into machine mode and back, and OpenSBI's queue")
                .guessed(
                        Primitive.REMOTE_FENCE,
                        400,
                        1200,
                        5000,
                        "as ipiTarget without the kernel's entry on the other hart");
    }

    private static PriceList riscvKernel(PriceList list) {
        return list.guessed(
                        Primitive.FAULT_ENTRY,
                        150,
                        400,
                        1200,
                        "31 registers and six CSRs saved and restored; no microcode")
                .guessed(Primitive.FAULT_SERVICE, 500, 2000, 6000, "twice x86-64's cycles: narrower cores")
                .guessed(Primitive.SYSCALL_ENTRY, 150, 400, 1200, "as faultEntry")
                .guessed(Primitive.CONTEXT_SWITCH, 2000, 6000, 15000, "1.5 times x86-64's cycles: narrower cores")
                .guessed(Primitive.PTE_READ, 1, 4, 20, "a load, as x86-64")
                .guessed(Primitive.PTE_WRITE, 1, 20, 80, "a store to an atomic exchange, as x86-64")
                .guessed(Primitive.TABLE_ALLOCATION, 700, 2000, 5000, "as pageZero, with constructor and accounting")
                .guessed(Primitive.TABLE_FREE, 200, 600, 2000, "1.5 times x86-64's cycles: narrower cores")
                .guessed(Primitive.PAGE_ZERO, 500, 1500, 4000, "8 bytes a cycle at best; cbo.zero where there is one")
                .guessed(Primitive.PAGE_COPY, 900, 2500, 6000, "reads and writes what pageZero writes")
                .guessed(Primitive.PAGE_CACHE_LOOKUP, 50, 150, 800, "1.5 times x86-64's cycles: narrower cores")
                .guessed(Primitive.AREA_CHANGE, 500, 1500, 6000, "1.5 times x86-64's cycles: narrower cores")
                .guessed(Primitive.SHARER_VISIT, 15, 60, 450, "1.5 times x86-64's cycles: narrower cores");
    }
}
