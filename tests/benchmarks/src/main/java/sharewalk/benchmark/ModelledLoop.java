package sharewalk.benchmark;

import java.util.ArrayList;
import java.util.List;
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

/// The loop on whole harts: TLBs, walks, counters and time slices.
final class ModelledLoop implements LoopRunner {
    private static final long RAM_BYTES = 64 << 20;
    private static final long SLICE = 100_000;
    private static final long CODE = 0x10000;
    private static final long FIRST_PAGE = 0x20_0000;
    private static final Permissions READ_EXECUTE = new Permissions(true, false, true, true);
    private static final Permissions READ_WRITE = new Permissions(true, true, false, true);

    private final LoopProgram program;
    private final long[] start;
    private final UnicornMachine machine;
    private final Counters counters = new Counters();
    private final InvalidationLedger ledger = new InvalidationLedger();

    /// Creates harts that make equal parts of the visits, in turn and in the same pages.
    ModelledLoop(LoopProgram program, Workload workload, MachineProfile profile, int harts, boolean exhaustive) {
        this.program = program;
        this.start = program.start(workload.withVisits(workload.visits() / harts), FIRST_PAGE);
        this.machine = UnicornMachine.create(new MachineSpec(
                program.isa(), program.isa().defaultPaging(), profile, harts, RAM_BYTES, 1, exhaustive, MissExplanation.NONE));
        PageTable table = PageTable.create(
                new TableContext(machine.spec().paging(), machine.memory(), machine.allocator(), ledger),
                TableAccounting.NONE);
        byte[] code = program.code();
        machine.memory().write(map(table, CODE, READ_EXECUTE) << PhysicalMemory.FRAME_SHIFT, code, 0, code.length);
        for (int page = 0; page < workload.pages(); page++) {
            long _ = map(table, FIRST_PAGE + (long) page * PhysicalMemory.FRAME_BYTES, READ_WRITE);
        }
        CodeImage image = new CodeImage();
        for (UnicornCpu cpu : machine.harts()) {
            cpu.enter(AddressSpaceRegister.of(table.rootPfn(), Math.min(1, profile.maxAsid())), image, CounterMap.all(counters));
            cpu.resetRegisters();
        }
    }

    private long map(PageTable table, long virtAddr, Permissions permissions) {
        long pfn = machine.allocator().allocate(FrameUse.DATA);
        // Dirty from the start: some machines leave setting the bit to a kernel, and there is none here.
        table.cursor().map(virtAddr, pfn, permissions, 0, true).redeem(ledger);
        return pfn;
    }

    @Override
    public void run() {
        for (UnicornCpu cpu : machine.harts()) {
            for (int i = 0; i < start.length; i++) {
                cpu.setGeneral(program.registers()[i], start[i]);
            }
            cpu.setPc(CODE);
        }
        List<UnicornCpu> running = new ArrayList<>(machine.harts());
        while (!running.isEmpty()) {
            running.removeIf(cpu -> !runSlice(cpu));
        }
    }

    private static boolean runSlice(UnicornCpu cpu) {
        StopReason reason = cpu.run(SLICE);
        if (reason instanceof StopReason.Limit) {
            return true;
        }
        if (!(reason instanceof StopReason.SystemCall)) {
            throw new IllegalStateException("the loop ended with " + reason);
        }
        return false;
    }

    @Override
    public long dataMisses() {
        return counters.get(Counter.L1D_LOAD_MISS) + counters.get(Counter.L1D_STORE_MISS);
    }

    /// Returns the walks made in all runs.
    long walks() {
        return counters.get(Counter.WALK);
    }

    @Override
    public void close() {
        machine.close();
    }
}
