package sharewalk.benchmark;

import sharewalk.cpu.CodeImage;
import sharewalk.cpu.StopReason;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.cpu.unicorn.UnicornMachine;
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
import sharewalk.mmu.tlb.TlbGeometry;

/// The loop on a whole hart: TLBs, walks, counters and time slices.
final class ModelledLoop implements LoopRunner {
    private static final long RAM_BYTES = 64 << 20;
    private static final long SLICE = 1_000_000;
    private static final long CODE = 0x10000;
    private static final long FIRST_PAGE = 0x20_0000;
    private static final Permissions READ_EXECUTE = new Permissions(true, false, true, true);
    private static final Permissions READ_WRITE = new Permissions(true, true, false, true);

    private final LoopProgram program;
    private final long[] start;
    private final UnicornMachine machine;
    private final UnicornCpu cpu;
    private final Counters counters = new Counters();
    private final InvalidationLedger ledger = new InvalidationLedger();

    /// Creates a hart.
    ///
    /// @param firstLevel the geometry of L1I and L1D; the rest is the default machine's
    ModelledLoop(LoopProgram program, Workload workload, TlbGeometry firstLevel, boolean exhaustive) {
        this.program = program;
        this.start = program.start(workload, FIRST_PAGE);
        MachineProfile profile = MachineProfile.DEFAULT.withL1i(firstLevel).withL1d(firstLevel);
        this.machine = UnicornMachine.create(
                new MachineSpec(program.isa(), program.isa().defaultPaging(), profile, 1, RAM_BYTES, 1, exhaustive, MissExplanation.NONE));
        PageTable table = PageTable.create(
                new TableContext(machine.spec().paging(), machine.memory(), machine.allocator(), ledger),
                TableAccounting.NONE);
        byte[] code = program.code();
        machine.memory().write(map(table, CODE, READ_EXECUTE) << PhysicalMemory.FRAME_SHIFT, code, 0, code.length);
        for (int page = 0; page < workload.pages(); page++) {
            long _ = map(table, FIRST_PAGE + (long) page * PhysicalMemory.FRAME_BYTES, READ_WRITE);
        }
        this.cpu = machine.harts().get(0);
        cpu.enter(AddressSpaceRegister.of(table.rootPfn(), 1), new CodeImage(), CounterMap.all(counters));
        cpu.resetRegisters();
    }

    private long map(PageTable table, long virtAddr, Permissions permissions) {
        long pfn = machine.allocator().allocate(FrameUse.DATA);
        table.cursor().map(virtAddr, pfn, permissions, 0, false).redeem(ledger);
        return pfn;
    }

    @Override
    public void run() {
        for (int i = 0; i < start.length; i++) {
            cpu.setGeneral(program.registers()[i], start[i]);
        }
        cpu.setPc(CODE);
        StopReason reason = cpu.run(SLICE);
        while (reason instanceof StopReason.Limit) {
            reason = cpu.run(SLICE);
        }
        if (!(reason instanceof StopReason.SystemCall)) {
            throw new IllegalStateException("the loop ended with " + reason);
        }
    }

    @Override
    public long dataMisses() {
        return counters.get(Counter.L1D_LOAD_MISS) + counters.get(Counter.L1D_STORE_MISS);
    }

    @Override
    public void close() {
        machine.close();
    }
}
