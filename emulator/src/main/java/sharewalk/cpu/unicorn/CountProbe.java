package sharewalk.cpu.unicorn;

import sharewalk.cpu.CodeImage;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.table.TableContext;

/// A whole machine on which a loop of known length is counted.
final class CountProbe {
    private static final long RAM_BYTES = 1 << 20;
    private static final int ROUNDS = 1000;
    private static final int INSTRUCTIONS_IN_ROUND = 6;
    private static final long SLICE = 100;

    private CountProbe() {}

    /// Returns whether every instruction and every miss of the loop is counted, and no other.
    static boolean countsExactly(GuestIsa isa) {
        MachineSpec spec = new MachineSpec(
                isa, isa.defaultPaging(), MachineProfile.DEFAULT, 1, RAM_BYTES, 0, false, MissExplanation.NONE);
        try (UnicornMachine machine = UnicornMachine.untested(spec)) {
            Counters counters = new Counters();
            Cpu cpu = machine.harts().get(0);
            cpu.enter(AddressSpaceRegister.of(mappedProgram(machine), 1), new CodeImage(), CounterMap.all(counters));
            cpu.resetRegisters();
            EngineProbe.prepare(cpu, ROUNDS);
            StopReason reason = cpu.run(SLICE);
            int slices = 1;
            while (reason instanceof StopReason.Limit) {
                reason = cpu.run(SLICE);
                slices++;
            }
            long expected = (long) INSTRUCTIONS_IN_ROUND * ROUNDS + 1;
            return reason instanceof StopReason.SystemCall
                    && cpu.instructions() == expected
                    && counters.get(Counter.INSTRUCTIONS) == expected
                    && counters.get(Counter.L1I_MISS) == 2
                    && slices > ROUNDS * INSTRUCTIONS_IN_ROUND / (2 * SLICE);
        }
    }

    private static long mappedProgram(UnicornMachine machine) {
        InvalidationLedger ledger = new InvalidationLedger();
        PageTable table = PageTable.create(
                new TableContext(machine.spec().paging(), machine.memory(), machine.allocator(), ledger),
                TableAccounting.NONE);
        boolean riscv = machine.spec().isa() instanceof RiscV64;
        for (EngineProbe.Content content : EngineProbe.contents(riscv)) {
            long pfn = machine.allocator().allocate(FrameUse.DATA);
            machine.memory().write(pfn << PhysicalMemory.FRAME_SHIFT, content.bytes(), 0, content.bytes().length);
            table.cursor()
                    .map(content.virtAddr(), pfn, new Permissions(true, true, true, true), 0, true)
                    .redeem(ledger);
        }
        return table.rootPfn();
    }
}
