package sharewalk.kernel.share.forkcow;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.PrctlOptions.PR_SET_COW_PTE;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.PagingMode;

/// What fork, faults, changes and exits do to tables under `fork-cow`.
class ForkCowTest {
    private static final long TABLE = 2L << 20;
    private static final long AT = 0x4000_0000L;
    private static final int RAM_BYTES = 16 << 20;

    private TestMachine machine = TestMachine.of(PagingMode.SV39);
    private AddressSpace parent = machine.process();

    private void use(PagingMode mode, Accounting accounting, OptIn optIn) {
        machine = new TestMachine(mode, 2, RAM_BYTES);
        machine.context.shareTables(new CowTables(machine.context, accounting, optIn));
        parent = machine.process();
    }

    private void use(PagingMode mode, Accounting accounting) {
        use(mode, accounting, new OptIn.Everybody());
    }

    /// Writes one page in each of so many tables, and the first in each to its number.
    private void populate(int tables) {
        assertThat(mapAnonymous(parent, AT, tables * 512L)).isEqualTo(AT);
        for (int table = 0; table < tables; table++) {
            assertThat(machine.store(parent, AT + table * TABLE, table)).isZero();
        }
    }

    private AddressSpace fork(AddressSpace space) {
        machine.run(space, 0);
        return requireNonNull(space.fork());
    }

    private static boolean isShared(AddressSpace space, long virtAddr) {
        return space.table().cursor().attachedAt(virtAddr) != null;
    }

    /// Returns every leaf as hardware finds it, but for its marks.
    private List<String> leaves(AddressSpace space) {
        List<String> leaves = new ArrayList<>();
        space.table()
                .cursor()
                .forEachLeaf(
                        0,
                        machine.mode.userEnd(),
                        (virtAddr, pte, level) -> leaves.add("%#x %#x %s"
                                .formatted(
                                        virtAddr,
                                        machine.mode.format().leafPfn(pte, level),
                                        machine.mode.format().permissions(pte))));
        return leaves;
    }

    /// Ends processes, and finds every frame given back.
    private void end(long usedAtStart, AddressSpace... spaces) {
        for (AddressSpace space : spaces) {
            space.release();
        }
        machine.requireRedeemed();
        assertThat(machine.frames.usedFrames()).as("frames in use at the end").isEqualTo(usedAtStart);
    }

    /// 1 GiB, of which each table is populated; the child has its root and the tables above the last level.
    @ParameterizedTest
    @EnumSource
    void fork_ofAPopulatedGibibyte_allocatesNoLastLevelTable(PagingMode mode) {
        for (Accounting accounting : Accounting.values()) {
            use(mode, accounting);
            populate(512);
            machine.restartCounting();
            AddressSpace child = fork(parent);
            assertThat(machine.count(Counter.TABLE_ALLOCATED)).isEqualTo(mode.levels() - 1);
            assertThat(child.gauges().total().current()).isEqualTo((mode.levels() - 1) * PAGE);
            assertThat(machine.context.gauges().shared().current()).isEqualTo(512 * PAGE);
            assertThat(machine.load(child, AT + 300 * TABLE)).isEqualTo(300 & 0xff);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fork_touchesNoEntryWhereItNeedNot(PagingMode mode) {
        use(mode, Accounting.AT_COPY);
        populate(8);
        machine.restartCounting();
        fork(parent).release();
        boolean guards = mode.format().guardsTables();
        // On x86 the entry above in the parent, and the child's; on RISC-V the leaf too, and the child's above.
        assertThat(machine.count(Counter.PTE_WRITE)).isLessThan(8 * 4 + 3 * mode.levels());
        assertThat(machine.count(Counter.PTE_READ)).isLessThan(guards ? 8 * 40 : 8 * 640);

        use(mode, Accounting.AT_FORK);
        populate(8);
        machine.restartCounting();
        AddressSpace child = fork(parent);
        assertThat(machine.count(Counter.PTE_READ)).isGreaterThan(8 * 512);
        assertThat(isShared(child, AT)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void unsharing_changesNoTranslation_andAllFramesComeBack(PagingMode mode) {
        for (Accounting accounting : Accounting.values()) {
            use(mode, accounting);
            parent.release();
            long usedAtStart = machine.frames.usedFrames();
            parent = machine.process();
            populate(3);
            AddressSpace child = fork(parent);
            AddressSpace grandchild = fork(child);
            List<String> inParent = leaves(parent);
            assertThat(leaves(child)).isEqualTo(inParent);
            machine.run(child, 0);
            machine.context
                    .shootdown()
                    .redeemRange(
                            child,
                            child.unshare(AT, AT + 3 * TABLE, sharewalk.kernel.mm.TableSharing.Change.PROTECT),
                            sharewalk.mmu.count.FlushCause.UNSHARE);
            assertThat(isShared(child, AT)).isFalse();
            assertThat(leaves(child)).isEqualTo(inParent);
            assertThat(leaves(parent)).isEqualTo(inParent);
            assertThat(leaves(grandchild)).isEqualTo(inParent);

            assertThat(machine.store(child, AT, 50)).isZero();
            assertThat(machine.store(parent, AT, 60)).isZero();
            assertThat(machine.load(grandchild, AT)).isZero();
            assertThat(machine.load(child, AT)).isEqualTo(50);
            end(usedAtStart, parent, grandchild, child);
        }
    }

    @ParameterizedTest
    @EnumSource
    void store_copiesTheTableOnce_andTheLastSharerTakesItBackAsItIs(PagingMode mode) {
        for (Accounting accounting : Accounting.values()) {
            use(mode, accounting);
            populate(2);
            AddressSpace child = fork(parent);
            machine.run(child, 0);
            machine.restartCounting();
            assertThat(machine.store(child, AT, 9)).isZero();
            assertThat(machine.count(Counter.TABLE_COPIED)).isEqualTo(1);
            assertThat(machine.count(Counter.TABLE_ALLOCATED)).isEqualTo(1);
            assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
            assertThat(machine.count(Counter.PAGE_COPIED)).isEqualTo(1);
            assertThat(isShared(child, AT)).isFalse();
            assertThat(isShared(child, AT + TABLE)).isTrue();

            machine.run(parent, 0);
            machine.restartCounting();
            assertThat(machine.store(parent, AT, 8)).isZero();
            assertThat(machine.count(Counter.TABLE_COPIED)).isZero();
            assertThat(machine.count(Counter.TABLE_ALLOCATED)).isZero();
            assertThat(machine.count(Counter.PAGE_COPIED)).isZero();
            assertThat(isShared(parent, AT)).isFalse();
            assertThat(machine.load(child, AT)).isEqualTo(9);
        }
    }

    /// A page that two tables map after a copy must not be written through the table that stayed shared.
    @ParameterizedTest
    @EnumSource
    void pageOfACopiedTable_isCopiedByTheLastSharerToo(PagingMode mode) {
        for (Accounting accounting : Accounting.values()) {
            use(mode, accounting);
            populate(1);
            AddressSpace child = fork(parent);
            assertThat(machine.store(child, AT + PAGE, 1)).isZero();
            assertThat(machine.store(parent, AT, 70)).isZero();
            assertThat(machine.load(child, AT)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unmappingAWholeTable_copiesNothing_aPartCopiesIt(PagingMode mode) {
        use(mode, Accounting.AT_FORK);
        populate(3);
        AddressSpace child = fork(parent);
        machine.run(child, 0);
        machine.restartCounting();
        assertThat(child.advise(AT + TABLE, TABLE, MADV_DONTNEED)).isZero();
        assertThat(machine.count(Counter.TABLE_COPIED)).isZero();
        assertThat(child.advise(AT + 2 * TABLE, PAGE, MADV_DONTNEED)).isZero();
        assertThat(machine.count(Counter.TABLE_COPIED)).isEqualTo(1);
        assertThat(machine.load(child, AT + 2 * TABLE)).isZero();
        assertThat(child.unmap(AT, 3 * TABLE)).isZero();
        assertThat(machine.count(Counter.TABLE_COPIED)).isEqualTo(1);
        assertThat(machine.load(parent, AT + 2 * TABLE)).isEqualTo(2);
        assertThat(machine.load(parent, AT + TABLE)).isEqualTo(1);
        assertThat(leaves(parent)).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void split_atATablesBorder_copiesTheTableThatBeginsThere_asPosted(PagingMode mode) {
        for (Accounting accounting : Accounting.values()) {
            use(mode, accounting);
            populate(3);
            AddressSpace child = fork(parent);
            machine.run(child, 0);
            machine.restartCounting();
            assertThat(child.unmap(AT, TABLE)).isZero();
            assertThat(machine.count(Counter.TABLE_COPIED)).isEqualTo(accounting == Accounting.AT_FORK ? 1 : 0);
            assertThat(isShared(child, AT + TABLE)).isEqualTo(accounting == Accounting.AT_COPY);
            assertThat(machine.load(child, AT + TABLE)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void exit_copiesATableOfSeveralAreasAsPosted_butNotWhenSharingIsCountedAtCopies(PagingMode mode) {
        for (Accounting accounting : Accounting.values()) {
            use(mode, accounting);
            populate(2);
            assertThat(parent.protect(AT + 5 * PAGE, PAGE, PROT_READ)).isZero();
            AddressSpace child = fork(parent);
            machine.restartCounting();
            child.release();
            assertThat(machine.count(Counter.TABLE_COPIED)).isEqualTo(accounting == Accounting.AT_FORK ? 1 : 0);
            assertThat(machine.load(parent, AT + TABLE)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void change_withoutRamForTheCopyFailsAndChangesNothing(PagingMode mode) {
        use(mode, Accounting.AT_FORK);
        populate(3);
        AddressSpace child = fork(parent);
        machine.run(child, 0);
        List<Long> taken = useUpRam();
        assertThat(child.unmap(AT, 2 * TABLE + PAGE)).isEqualTo(-ENOMEM);
        assertThat(child.unmap(AT, 2 * TABLE + TABLE / 2)).isEqualTo(-ENOMEM);
        assertThat(child.protect(AT, PAGE, PROT_READ)).isEqualTo(-ENOMEM);
        assertThat(leaves(child)).hasSize(3).isEqualTo(leaves(parent));
        assertThat(machine.store(child, AT, 1)).isEqualTo(-1000);
        taken.forEach(machine.frames::release);
        assertThat(machine.load(child, AT + TABLE)).isEqualTo(1);
        machine.requireRedeemed();
    }

    @ParameterizedTest
    @EnumSource
    void end_needsNoRam(PagingMode mode) {
        use(mode, Accounting.AT_FORK);
        parent.release();
        long usedAtStart = machine.frames.usedFrames();
        parent = machine.process();
        populate(2);
        assertThat(parent.protect(AT + 5 * PAGE, PAGE, PROT_READ)).isZero();
        AddressSpace child = fork(parent);
        List<Long> taken = useUpRam();
        child.release();
        taken.forEach(machine.frames::release);
        end(usedAtStart, parent);
    }

    @ParameterizedTest
    @EnumSource
    void fork_withoutRamGivesEverythingBack(PagingMode mode) {
        use(mode, Accounting.AT_FORK);
        parent.release();
        long usedAtStart = machine.frames.usedFrames();
        parent = machine.process();
        populate(2);
        for (int left = 0; left < mode.levels(); left++) {
            List<Long> taken = useUpRam();
            for (int i = 0; i < left; i++) {
                machine.frames.release(taken.removeLast());
            }
            machine.run(parent, 0);
            AddressSpace child = parent.fork();
            assertThat(child == null).isEqualTo(left < mode.levels() - 1);
            if (child != null) {
                child.release();
            }
            taken.forEach(machine.frames::release);
            machine.requireRedeemed();
            assertThat(machine.store(parent, AT, left)).isZero();
        }
        end(usedAtStart, parent);
    }

    @ParameterizedTest
    @EnumSource
    void changesOfOneSharer_reachTheOthersTlbOnlyWhereTheyMust(PagingMode mode) {
        use(mode, Accounting.AT_FORK);
        populate(1);
        AddressSpace child = fork(parent);
        machine.run(child, 1);
        assertThat(machine.load(child, AT)).isZero();
        machine.run(parent, 0);
        machine.restartCounting();
        assertThat(machine.store(parent, AT, 5)).isZero();
        assertThat(machine.harts.get(1).takeOrders()).isEmpty();
        assertThat(machine.count(Counter.SHARER_VISIT)).isZero();
        machine.run(child, 1);
        assertThat(machine.load(child, AT)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void hint_sharesOnlyAfterTheProcessAsked(PagingMode mode) {
        OptIn optIn = new OptIn.Asked();
        use(mode, Accounting.AT_FORK, optIn);
        machine.context.setMapHook(optIn);
        CowTables tables = new CowTables(machine.context, Accounting.AT_FORK, optIn);
        populate(1);
        assertThat(isShared(fork(parent), AT)).isFalse();
        assertThat(tables.control(parent, 64)).isEqualTo(-EINVAL);
        assertThat(tables.control(parent, PR_SET_COW_PTE)).isZero();
        assertThat(tables.control(parent, PR_SET_COW_PTE)).isZero();
        AddressSpace child = fork(parent);
        assertThat(isShared(child, AT)).isTrue();
        assertThat(tables.control(parent, PR_SET_COW_PTE)).isEqualTo(-EINVAL);
        assertThat(tables.control(child, PR_SET_COW_PTE)).isEqualTo(-EINVAL);
        assertThat(isShared(fork(child), AT)).isTrue();
        assertThat(tables.control(machine.process(), PR_SET_COW_PTE)).isZero();
    }

    @CanIgnoreReturnValue
    private List<Long> useUpRam() {
        List<Long> taken = new ArrayList<>();
        for (long pfn = machine.frames.allocate(FrameUse.DATA);
                pfn != FrameAllocator.NO_FRAME;
                pfn = machine.frames.allocate(FrameUse.DATA)) {
            taken.add(pfn);
        }
        return taken;
    }
}
