package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.cpu.CodeImage;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.CpuContext;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.table.TableContext;

/// Harts on a page of code, a page of data, and the code page once more as writable data.
@Tag("native")
final class HartTest {
    private static final long CODE = 0x10000;
    private static final long DATA = 0x20000;
    private static final long CODE_AS_DATA = 0x30000;
    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A2 = 12;
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RSI = 6;
    private static final int RDI = 7;

    /// A machine with one address space that every hart has entered.
    private static final class Machine implements AutoCloseable {
        private final Counters counters = new Counters();
        private final UnicornMachine machine;

        Machine(GuestIsa isa, int harts, boolean exhaustive, long seed, String source) {
            machine = UnicornMachine.create(new MachineSpec(
                    isa,
                    isa.defaultPaging(),
                    MachineProfile.DEFAULT,
                    harts,
                    1 << 20,
                    seed,
                    exhaustive,
                    MissExplanation.NONE));
            InvalidationLedger ledger = new InvalidationLedger();
            PageTable table = PageTable.create(
                    new TableContext(machine.spec().paging(), machine.memory(), machine.allocator(), ledger),
                    TableAccounting.NONE);
            byte[] code = GnuBinutils.assemble(isa, source);
            long codePfn = machine.allocator().allocate(FrameUse.DATA);
            machine.memory().write(codePfn << PhysicalMemory.FRAME_SHIFT, code, 0, code.length);
            long dataPfn = machine.allocator().allocate(FrameUse.DATA);
            Permissions data = Permissions.ofUser(true, true, false);
            table.cursor()
                    .map(CODE, codePfn, Permissions.ofUser(true, false, true), 0, false)
                    .redeem(ledger);
            table.cursor().map(DATA, dataPfn, data, 0, false).redeem(ledger);
            table.cursor().map(CODE_AS_DATA, codePfn, data, 0, false).redeem(ledger);
            CodeImage image = new CodeImage();
            for (Cpu cpu : machine.harts()) {
                cpu.enter(AddressSpaceRegister.of(table.rootPfn(), 1), image, CounterMap.all(counters));
                cpu.resetRegisters();
                cpu.setPc(CODE);
            }
        }

        UnicornCpu hart(int number) {
            return machine.harts().get(number);
        }

        @Override
        public void close() {
            machine.close();
        }
    }

    private static void runToSystemCall(Cpu cpu) {
        assertThat(cpu.run(1_000)).isEqualTo(new StopReason.SystemCall());
    }

    private static final String RESERVE = """
            lr.d a0, (a1)
            ecall
            sc.d a2, a0, (a1)
            ecall
            """;

    @Test
    void reservation_holdsOverAStop_whereNobodyElseCanRun() {
        try (Machine machine = new Machine(GuestIsa.RISCV64, 1, false, 1, RESERVE)) {
            assertThat(storeConditional(machine.hart(0), false)).isZero();
        }
    }

    @Test
    void reservation_ends_whereAnotherHartMayHaveRun() {
        try (Machine machine = new Machine(GuestIsa.RISCV64, 2, false, 1, RESERVE)) {
            assertThat(storeConditional(machine.hart(0), false)).isNotZero();
        }
    }

    @Test
    void reservation_isNotSavedWithATask() {
        try (Machine machine = new Machine(GuestIsa.RISCV64, 1, false, 1, RESERVE)) {
            assertThat(storeConditional(machine.hart(0), true)).isNotZero();
        }
    }

    private static long storeConditional(Cpu cpu, boolean switchTasks) {
        cpu.setGeneral(A1, DATA);
        runToSystemCall(cpu);
        if (switchTasks) {
            try (CpuContext context = cpu.newContext()) {
                cpu.save(context);
                cpu.restore(context);
            }
        }
        runToSystemCall(cpu);
        return cpu.general(A2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void code_changedThroughAnotherAddressByAnotherHart_isSeen(boolean exhaustive) {
        String program = """
                .option norvc
                li a0, 1
                ecall
                sw a0, 0(a1)
                ecall
                """;
        int loadTwo = 0x0020_0513;
        try (Machine machine = new Machine(GuestIsa.RISCV64, 2, exhaustive, 1, program)) {
            UnicornCpu runner = machine.hart(0);
            UnicornCpu writer = machine.hart(1);
            // The writer's engine has the right to write the frame before anybody fetches it.
            writer.setPc(CODE + 8);
            writer.setGeneral(A0, 0x0010_0513);
            writer.setGeneral(A1, CODE_AS_DATA);
            runToSystemCall(writer);
            runToSystemCall(runner);
            assertThat(runner.general(A0)).isEqualTo(1);

            writer.setPc(CODE + 8);
            writer.setGeneral(A0, loadTwo);
            runToSystemCall(writer);
            runner.setPc(CODE);
            runToSystemCall(runner);

            assertThat(runner.general(A0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inc dword ptr [rdi]", "lock xadd [rdi], eax", "xchg [rdi], eax", "bts dword ptr [rdi], 3"})
    void readModifyWrite_isOneStore(String instruction) {
        for (boolean exhaustive : new boolean[] {false, true}) {
            try (Machine machine = new Machine(GuestIsa.X86_64, 1, exhaustive, 1, instruction + "\nsyscall")) {
                machine.hart(0).setGeneral(RDI, DATA);
                runToSystemCall(machine.hart(0));
                assertThat(machine.counters.get(Counter.L1D_STORE_MISS)).isEqualTo(1);
                assertThat(machine.counters.get(Counter.L1D_LOAD_MISS)).isZero();
                assertThat(machine.counters.get(Counter.DIRTY_UPDATE)).isZero();
            }
        }
    }

    @Test
    void readModifyWrite_ofAMissingPage_faultsAsAStore() {
        try (Machine machine = new Machine(GuestIsa.X86_64, 1, false, 1, "inc dword ptr [rdi]\nsyscall")) {
            machine.hart(0).setGeneral(RDI, 0x50008);
            assertThat(machine.hart(0).run(100)).isInstanceOfSatisfying(StopReason.PageFault.class, fault -> {
                assertThat(fault.virtAddr()).isEqualTo(0x50008);
                assertThat(fault.access()).isEqualTo(AccessType.STORE);
            });
            assertThat(machine.hart(0).pc()).isEqualTo(CODE);
            assertThat(machine.hart(0).instructions()).isZero();
        }
    }

    @Test
    void repeatedInstruction_countsOnce_itsIterationsApart() {
        String program = """
                mov ecx, 100
                rep stosb
                mov ecx, 1
                rep stosb
                xor ecx, ecx
                rep stosb
                syscall
                """;
        try (Machine machine = new Machine(GuestIsa.X86_64, 1, false, 1, program)) {
            machine.hart(0).setGeneral(RDI, DATA);
            runToSystemCall(machine.hart(0));
            assertThat(machine.counters.get(Counter.INSTRUCTIONS)).isEqualTo(7);
            assertThat(machine.counters.get(Counter.REP_ITERATIONS)).isEqualTo(101);
        }
    }

    @Test
    void timeStamp_isTheInstructionsRetiredBefore() {
        try (Machine machine = new Machine(GuestIsa.X86_64, 1, false, 1, "nop\nnop\nrdtsc\nsyscall")) {
            runToSystemCall(machine.hart(0));
            assertThat(machine.hart(0).general(RAX)).isEqualTo(2);
            assertThat(machine.hart(0).general(RDX)).isZero();
            assertThat(machine.hart(0).instructions()).isEqualTo(4);
        }
        try (Machine machine = new Machine(GuestIsa.RISCV64, 1, false, 1, "nop\nrdcycle a0\nrdtime a1\necall")) {
            runToSystemCall(machine.hart(0));
            assertThat(machine.hart(0).general(A0)).isEqualTo(1);
            assertThat(machine.hart(0).general(A1)).isEqualTo(2);
        }
    }

    @Test
    void randomNumbers_followFromSeedAndHart() {
        long first = random(1, 0);
        assertThat(random(1, 0)).isEqualTo(first);
        assertThat(random(2, 0)).isNotEqualTo(first);
        assertThat(random(1, 1)).isNotEqualTo(first);
    }

    private static long random(long seed, int hart) {
        String program = "rdrand rcx\nsetc al\nrdseed rsi\nsyscall";
        try (Machine machine = new Machine(GuestIsa.X86_64, 2, false, seed, program)) {
            UnicornCpu cpu = machine.hart(hart);
            // system calls overwrite rcx, so it is looked at before
            StopReason stop = cpu.run(2);
            assertThat(stop).isEqualTo(new StopReason.Limit());
            long value = cpu.general(RCX);
            runToSystemCall(cpu);
            assertThat(cpu.general(RAX) & 0xff).isEqualTo(1);
            assertThat(cpu.general(RSI)).isNotEqualTo(value);
            return value;
        }
    }
}
