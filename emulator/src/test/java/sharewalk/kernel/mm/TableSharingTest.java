package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_REMOVE;
import static sharewalk.abi.Advice.MADV_WIPEONFORK;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_DONTUNMAP;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_WP;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapFile;
import static sharewalk.kernel.mm.TestMachine.mapSharedAnonymous;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.kernel.wait.WaitQueue;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.PendingInvalidation;

/// When a machine's way of sharing tables is asked and told.
class TableSharingTest {
    private final TestMachine machine = TestMachine.of(PagingMode.SV39);
    private final Journal journal = new Journal();
    private final AddressSpace space;

    TableSharingTest() {
        machine.context.shareTables(journal);
        space = machine.process();
    }

    /// A way of sharing that shares nothing and writes down what it is told; addresses as pages from `base` on.
    private static final class Journal implements TableSharing {
        private final List<String> told = new ArrayList<>();
        private long base;
        private boolean failing;
        private boolean takesEntries;
        private Linking linking = Linking.NOTHING;

        List<String> take() {
            List<String> copy = List.copyOf(told);
            told.clear();
            return copy;
        }

        @Override
        public Linking beforeFault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
            told.add("fault %d %s".formatted((virtAddr - base) / PAGE, access));
            Linking answer = linking;
            linking = Linking.NOTHING;
            return answer;
        }

        @Override
        public PendingInvalidation beforeChange(AddressSpace space, long start, long end, Change change) {
            told.add(
                    change == Change.EXIT
                            ? "EXIT"
                            : "%s %d-%d".formatted(change, (start - base) / PAGE, (end - base) / PAGE));
            if (failing) {
                exhaust();
            }
            return PendingInvalidation.NONE;
        }

        /// Throws what a table that finds no frame throws.
        private static void exhaust() {
            TestMachine tiny = new TestMachine(PagingMode.SV39, 1, 4 * (int) PAGE);
            while (true) {
                var ignored = AddressSpace.create(tiny.context);
            }
        }

        @Override
        public PendingInvalidation afterProtect(AddressSpace space, Vma vma) {
            told.add("protected %d-%d".formatted((vma.start() - base) / PAGE, (vma.end() - base) / PAGE));
            return PendingInvalidation.NONE;
        }

        @Override
        public @Nullable PendingInvalidation forked(AddressSpace parent, AddressSpace child, Vma vma) {
            told.add("forked %d".formatted((vma.start() - base) / PAGE));
            return takesEntries ? PendingInvalidation.NONE : null;
        }
    }

    private long map(long pages) {
        journal.base = mapSharedAnonymous(space, 0, pages);
        var ignored = journal.take();
        return journal.base;
    }

    @Test
    void fault_asksFirst_andIsRepeatedWhenATableWasLinked() {
        long at = map(4);
        journal.linking = TableSharing.Linking.LINKED;
        assertThat(space.fault(at, AccessType.LOAD)).isEqualTo(new FaultOutcome.Linked());
        assertThat(space.table().cursor().pteAt(at)).isZero();
        assertThat(machine.store(space, at + PAGE, 1)).isZero();
        assertThat(journal.take()).containsExactly("fault 0 LOAD", "fault 1 STORE");
    }

    @Test
    void storeToPrivateMemory_isAChange_loadIsNone() {
        journal.base = mapAnonymous(space, 0, 2);
        var ignored = journal.take();
        assertThat(machine.load(space, journal.base)).isZero();
        assertThat(machine.store(space, journal.base, 1)).isZero();
        assertThat(journal.take()).containsExactly("fault 0 LOAD", "fault 0 STORE", "COPY 0-1");
    }

    @Test
    void mprotect_tellsBeforeItSplits_andAfterwardsIfEntriesChanged() {
        long at = map(8);
        assertThat(space.protect(at, 2 * PAGE, PROT_READ)).isZero();
        assertThat(journal.take()).containsExactly("PROTECT 0-2", "SPLIT 2-2");
        assertThat(machine.store(space, at + 3 * PAGE, 1)).isZero();
        assertThat(journal.take()).containsExactly("fault 3 STORE");
        assertThat(space.protect(at + 2 * PAGE, 3 * PAGE, PROT_READ)).isZero();
        assertThat(journal.take()).containsExactly("PROTECT 2-5", "SPLIT 5-5", "protected 0-5");
        assertThat(space.protect(at + 2 * PAGE, 3 * PAGE, PROT_READ)).isZero();
        assertThat(journal.take()).isEmpty();
    }

    @Test
    void munmapMremapAndMadvise_tellWhatTheyAreAboutTo() {
        long at = map(8);
        assertThat(space.advise(at, 2 * PAGE, MADV_DONTNEED)).isZero();
        assertThat(space.unmap(at + 7 * PAGE, PAGE)).isZero();
        assertThat(journal.take()).containsExactly("ADVISE 0-2", "UNMAP 7-8", "SPLIT 7-7");
        assertThat(mapSharedAnonymous(space, at + 7 * PAGE, 1)).isEqualTo(at + 7 * PAGE);
        assertThat(journal.take()).isEmpty();
        long moved = space.remap(new RemapRequest(at, 7 * PAGE, 16 * PAGE, MREMAP_MAYMOVE, 0));
        assertThat(moved).isNotNegative();
        long target = (moved - at) / PAGE;
        assertThat(journal.take()).containsExactly("MOVE 0-7", "MOVE %d-%d".formatted(target, target + 7), "UNMAP 0-7");
    }

    @Test
    void changesByReverseMap_askNobody() {
        long at = map(8);
        assertThat(machine.store(space, at, 1)).isZero();
        var ignored = journal.take();
        assertThat(space.advise(at, 2 * PAGE, MADV_REMOVE)).isZero();
        assertThat(journal.take()).isEmpty();
        assertThat(machine.load(space, at)).isZero();
    }

    @Test
    void fork_offersEachArea_andCopiesOnlyWhatIsNotTaken() {
        long at = mapAnonymous(space, 0, 1);
        long wiped = mapAnonymous(space, at + 16 * PAGE, 1);
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(space.advise(wiped, PAGE, MADV_WIPEONFORK)).isZero();
        journal.base = at;
        var ignored = journal.take();
        AddressSpace copied = requireNonNull(space.fork());
        assertThat(journal.take()).containsExactly("forked 0");
        assertThat(copied.table().cursor().pteAt(at)).isNotZero();
        journal.takesEntries = true;
        AddressSpace empty = requireNonNull(space.fork());
        assertThat(empty.table().cursor().pteAt(at)).isZero();
    }

    @Test
    void end_isToldOnce() {
        assertThat(map(8)).isPositive();
        space.release();
        assertThat(journal.take()).containsExactly("EXIT");
    }

    @Test
    void changesThatFindNoRam_failAndLeaveEverything() {
        FileStub file = new FileStub(machine, "/file", 8 * PAGE).resident();
        long at = mapFile(space, file, MAP_SHARED, RW, 8);
        assertThat(machine.store(space, at, 5)).isZero();
        long own = mapAnonymous(space, 0, 8);
        journal.failing = true;
        assertThat(space.residency()
                        .userFaults()
                        .register((_, _) -> new WaitQueue(), own, own + 8 * PAGE, UFFDIO_REGISTER_MODE_WP))
                .isEqualTo(-ENOMEM);
        assertThat(space.unmap(at, PAGE)).isEqualTo(-ENOMEM);
        assertThat(space.protect(at, PAGE, PROT_READ)).isEqualTo(-ENOMEM);
        assertThat(space.advise(at, PAGE, MADV_DONTNEED)).isEqualTo(-ENOMEM);
        assertThat(space.lock(at, PAGE)).isEqualTo(-ENOMEM);
        assertThat(space.remap(new RemapRequest(at, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0)))
                .isEqualTo(-ENOMEM);
        journal.failing = false;
        assertThat(machine.load(space, at)).isEqualTo(5);
        machine.requireRedeemed();
    }
}
