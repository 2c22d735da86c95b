package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.table.TableContext;

/// An instruction that writes the operand it reads is one store, though the engine asks for a read first.
@Tag("native")
class ReadModifyWriteTest {
    private static final int PAGES = 20;
    private static final long CODE = 0x10000;
    private static final long DATA = 0x20_0000;
    private static final long PAGE = PhysicalMemory.FRAME_BYTES;

    /// `loop: amoadd.w zero, a5, (a0); add a0, a0, a4; addi a2, a2, -1; bnez a2, loop; ecall`.
    private static final String RISCV = "2f20f5003a957d1665fe73000000";

    /// `loop: inc dword ptr [rdi]; add rdi, r8; dec ecx; jnz loop; syscall`.
    private static final String X86 = "ff074c01c7ffc975f70f05";

    private final Counters counters = new Counters();

    static Stream<Arguments> isasAndModes() {
        return GuestIsa.all().stream()
                .flatMap(isa -> Stream.of(true, false).map(exhaustive -> Arguments.of(isa, exhaustive)));
    }

    @ParameterizedTest
    @MethodSource("isasAndModes")
    void onPagesThatAreThere_missesAsAStore(GuestIsa isa, boolean exhaustive) {
        StopReason reason = run(isa, exhaustive, true);

        assertThat(reason).isInstanceOf(StopReason.SystemCall.class);
        assertThat(counters.get(Counter.L1D_STORE_MISS)).isEqualTo(PAGES);
        assertThat(counters.get(Counter.L1D_LOAD_MISS)).isZero();
        assertThat(counters.get(Counter.INSTRUCTIONS)).isEqualTo(4 * PAGES + 1);
    }

    @ParameterizedTest
    @MethodSource("isasAndModes")
    void onAPageThatIsMissing_faultsAsAStore(GuestIsa isa, boolean exhaustive) {
        StopReason reason = run(isa, exhaustive, false);

        assertThat(reason).isInstanceOfSatisfying(StopReason.PageFault.class, fault -> {
            assertThat(fault.access()).isEqualTo(AccessType.STORE);
            assertThat(fault.virtAddr()).isEqualTo(DATA + 8);
        });
        assertThat(counters.get(Counter.INSTRUCTIONS)).isZero();
    }

    private StopReason run(GuestIsa isa, boolean exhaustive, boolean mapped) {
        MachineSpec spec = new MachineSpec(isa, isa.defaultPaging(), MachineProfile.DEFAULT, 1, 1 << 20, 0, exhaustive);
        try (UnicornMachine machine = UnicornMachine.create(spec)) {
            boolean riscv = isa instanceof RiscV64;
            InvalidationLedger ledger = new InvalidationLedger();
            PageTable table = PageTable.create(
                    new TableContext(isa.defaultPaging(), machine.memory(), machine.allocator(), ledger),
                    TableAccounting.NONE);
            byte[] code = HexFormat.of().parseHex(riscv ? RISCV : X86);
            long codeFrame = map(machine, table, ledger, CODE);
            machine.memory().write(codeFrame << PhysicalMemory.FRAME_SHIFT, code, 0, code.length);
            for (int page = 0; mapped && page < PAGES; page++) {
                long ignored = map(machine, table, ledger, DATA + page * PAGE);
            }
            Cpu cpu = machine.harts().getFirst();
            cpu.enter(table.rootPfn(), 1, new CodeImage(), CounterMap.all(counters));
            cpu.resetRegisters();
            cpu.setPc(CODE);
            cpu.setGeneral(riscv ? 10 : 7, DATA + 8);
            cpu.setGeneral(riscv ? 14 : 8, PAGE);
            cpu.setGeneral(riscv ? 12 : 1, PAGES);
            return cpu.run(1_000_000);
        }
    }

    private static long map(UnicornMachine machine, PageTable table, InvalidationLedger ledger, long virtAddr) {
        long pfn = machine.allocator().allocate(FrameUse.DATA);
        table.cursor()
                .map(virtAddr, pfn, new Permissions(true, true, true, true), 0, true)
                .redeem(ledger);
        return pfn;
    }
}
