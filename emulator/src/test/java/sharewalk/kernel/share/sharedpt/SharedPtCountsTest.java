package sharewalk.kernel.share.sharedpt;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileStub;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.kernel.share.Designs;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// What MAP_SHARED_PT takes and saves, in both designs: faults, tables, copied entries, flushes.
class SharedPtCountsTest {
    private static final int FLAG_2022 = 0x20_0000;
    private static final int FLAG_2026 = 0x4_0000;
    private static final long AT = 0x1000_0000;
    private static final long SLOT = 2 << 20;
    private static final int PAGES = 100;

    private TestMachine machine = TestMachine.of(PagingMode.SV39);

    private FileStub file(String design, PagingMode mode) {
        machine = new TestMachine(mode, 2, 16 << 20);
        var _ = Designs.install(Designs.named(design).orElseThrow(), machine.context, new NoTask());
        return new FileStub(machine, "/file", 2 * SLOT);
    }

    private static long map(AddressSpace space, FileStub file, long sizeBytes, int flag) {
        FileToMap opened = new FileToMap(true, true, true, file);
        return space.map(new MapRequest(AT, sizeBytes, RW, MAP_SHARED | MAP_FIXED | flag, opened, 0));
    }

    private void store(AddressSpace space, int pages) {
        for (long page = 0; page < pages; page++) {
            assertThat(machine.store(space, AT + page * PAGE, 1)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void of2022_pagesAreFaultedInOnce_andEachProcessTakesOneLinkFault(PagingMode mode) {
        FileStub file = file("shared-pt-2022", mode);
        List<AddressSpace> spaces = new ArrayList<>();
        for (int process = 0; process < 4; process++) {
            AddressSpace space = machine.process();
            assertThat(map(space, file, SLOT, FLAG_2022)).isEqualTo(AT);
            store(space, PAGES);
            spaces.add(space);
        }
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(PAGES);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(4);
        assertThat(machine.context.gauges().shared().peak()).isEqualTo(PAGE);
        // Everything down to the PMD table is the process's own.
        assertThat(spaces).allMatch(space -> space.table().tablePages() == mode.levels() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void of2026_firstFaultHangsTheTableIn_andAChildTakesOneLinkFault(PagingMode mode) {
        FileStub file = file("shared-pt-2026", mode);
        AddressSpace parent = machine.process();
        assertThat(map(parent, file, SLOT, FLAG_2026)).isEqualTo(AT);
        store(parent, PAGES);
        assertThat(machine.count(Counter.FAULT)).isEqualTo(PAGES);
        assertThat(machine.count(Counter.LINK_FAULT)).isZero();
        AddressSpace child = requireNonNull(parent.fork());
        machine.restartCounting();
        store(child, PAGES);
        assertThat(machine.count(Counter.FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        assertThat(machine.context.gauges().shared().peak()).isEqualTo(PAGE);
    }

    @Test
    void of2026_unsharingCopiesOneTableForEachSlotThatIsHungIn_entryByEntry() {
        FileStub file = file("shared-pt-2026", PagingMode.X86_64_4LEVEL);
        AddressSpace parent = machine.process();
        assertThat(map(parent, file, 2 * SLOT, FLAG_2026)).isEqualTo(AT);
        store(parent, PAGES);
        AddressSpace child = requireNonNull(parent.fork());
        store(child, PAGES);
        machine.run(parent, 1);
        machine.run(child, 0);
        machine.restartCounting();
        assertThat(child.protect(AT, PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.TABLE_COPIED)).isEqualTo(1);
        assertThat(machine.count(Counter.TABLE_ALLOCATED)).isEqualTo(1);
        assertThat(machine.count(Counter.PTE_WRITE)).isBetween((long) PAGES, PAGES + 4L);
        assertThat(machine.harts.getFirst().causes()).contains(FlushCause.UNSHARE, FlushCause.MPROTECT);
        assertThat(machine.harts.get(1).takeOrders()).isEmpty();
        machine.restartCounting();
        assertThat(machine.store(child, AT, 2)).isEqualTo(-SIGSEGV);
        assertThat(machine.load(child, AT + PAGE)).isEqualTo(1);
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
        assertThat(machine.store(parent, AT, 2)).isZero();
    }

    @Test
    void of2026_withoutRamForACopy_failsAndLeavesTheAreaShared() {
        FileStub file = file("shared-pt-2026", PagingMode.SV48);
        AddressSpace parent = machine.process();
        assertThat(map(parent, file, 2 * SLOT, FLAG_2026)).isEqualTo(AT);
        assertThat(machine.store(parent, AT, 1)).isZero();
        assertThat(machine.store(parent, AT + SLOT, 2)).isZero();
        AddressSpace child = requireNonNull(parent.fork());
        assertThat(machine.load(child, AT)).isEqualTo(1);
        assertThat(machine.load(child, AT + SLOT)).isEqualTo(2);
        List<Long> taken = new ArrayList<>();
        while (machine.frames.freeFrames() > 1) {
            taken.add(machine.frames.allocate(FrameUse.DATA));
        }
        assertThat(child.protect(AT, PAGE, PROT_READ)).isEqualTo(-ENOMEM);
        taken.forEach(machine.frames::release);
        machine.requireRedeemed();
        assertThat(machine.store(child, AT, 3)).isZero();
        assertThat(machine.load(parent, AT)).isEqualTo(3);
        assertThat(machine.load(child, AT + SLOT)).isEqualTo(2);
        assertThat(child.protect(AT, PAGE, PROT_READ)).isZero();
        child.release();
        parent.release();
        machine.requireRedeemed();
    }

    @Test
    void changesForAllSharers_flushEveryHart() {
        FileStub file = file("shared-pt-2022", PagingMode.X86_64_4LEVEL);
        AddressSpace first = machine.process();
        AddressSpace second = machine.process();
        assertThat(map(first, file, SLOT, FLAG_2022)).isEqualTo(AT);
        assertThat(map(second, file, SLOT, FLAG_2022)).isEqualTo(AT);
        store(first, PAGES);
        machine.run(second, 1);
        store(second, PAGES);
        machine.run(first, 0);
        machine.restartCounting();
        assertThat(first.protect(AT, PAGE, PROT_READ)).isZero();
        assertThat(machine.harts)
                .allSatisfy(hart -> assertThat(hart.takeOrders()).contains(new InvalidationScope.All()));
        machine.run(second, 1);
        assertThat(machine.store(second, AT, 2)).isEqualTo(-SIGSEGV);
        assertThat(second.unmap(AT, PAGE)).isEqualTo(-EINVAL);
        assertThat(second.unmap(AT, SLOT)).isZero();
        assertThat(machine.load(first, AT)).isEqualTo(1);
    }
}
