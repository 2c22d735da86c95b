package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.support.OperationScript;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.ChangeKind;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.WalkFault;
import sharewalk.mmu.walk.WalkResult;

/// Software's view, hardware's view and what a hart remembers, held against each other: once a debt is redeemed,
/// cursor, fresh walk and TLBs give one answer for every page of every address space.
final class TlbNeverLiesTest {
    private static final int LENGTH = 250;
    private static final int SPACES = 3;
    private static final int HOST = 0;
    private static final long MIB_2 = 2L << 20;
    private static final long PRIVATE = 0x1000_0000L;
    private static final long WINDOW = 4L << 30;
    private static final Permissions[] PERMISSIONS = {
        Permissions.NONE,
        Permissions.USER_READ,
        Permissions.USER_READ_WRITE,
        Permissions.USER_READ_EXECUTE,
        Permissions.USER_READ_WRITE_EXECUTE
    };

    private sealed interface Operation {
        record Map(int space, long virtAddr, Permissions permissions) implements Operation {}

        record MapSuperpage(int space, long virtAddr, Permissions permissions) implements Operation {}

        record Unmap(int space, long start, long end) implements Operation {}

        record Protect(int space, long start, long end, Permissions permissions) implements Operation {}

        record AttachOrDetach(int space) implements Operation {}

        record Access(int space, long virtAddr, AccessType access) implements Operation {}

        static Operation random(SplittableRandom random) {
            int space = random.nextInt(SPACES);
            long page = page(random);
            Permissions permissions = PERMISSIONS[random.nextInt(PERMISSIONS.length)];
            return switch (random.nextInt(24)) {
                case 0, 1, 2 -> new Map(space, page, permissions);
                case 3 -> new MapSuperpage(space, page & -MIB_2, permissions);
                case 4 -> new Unmap(space, page, page + 0x1000);
                case 5 -> new Unmap(space, page & -MIB_2, (page & -MIB_2) + 2 * MIB_2);
                case 6 -> new Protect(space, page & -MIB_2, (page & -MIB_2) + MIB_2, permissions);
                case 7 -> new AttachOrDetach(1 + random.nextInt(SPACES - 1));
                default -> new Access(space, page, List.of(AccessType.values()).get(random.nextInt(3)));
            };
        }

        private static long page(SplittableRandom random) {
            List<Long> pages = pages();
            return pages.get(random.nextInt(pages.size()));
        }

        static List<Long> pages() {
            List<Long> pages = new ArrayList<>();
            for (long area : new long[] {PRIVATE, PRIVATE + MIB_2, WINDOW, WINDOW + MIB_2}) {
                for (int i = 0; i < 3; i++) {
                    pages.add(area + i * 0x1000L);
                }
                pages.add(area + MIB_2 - 0x1000);
            }
            return pages;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SV39, 0, 4/2/2",
        "SV39, 1, 4/2/2",
        "SV39, 1, physical:1x8:plru",
        "SV48, 1, 2x2:lru/2x1:fifo/2",
        "X86_64_4LEVEL, 0, 4/2/2",
        "X86_64_4LEVEL, 1, 4/2/2",
        "X86_64_4LEVEL, 1, physical:24"
    })
    void redeemedChangesLeaveOneAnswer(PagingMode paging, int subtreeLevel, String walkCache) {
        for (long seed = 1; seed <= 6; seed++) {
            OperationScript.run(
                    seed, LENGTH, Operation::random, () -> new Machine(paging, subtreeLevel, walkCache, true));
        }
    }

    /// The same comparison must fail for a machine that redeems without invalidating, or it proves nothing.
    @Test
    void forgottenInvalidationIsFoundOut() {
        assertThatThrownBy(() -> OperationScript.run(
                        1, LENGTH, Operation::random, () -> new Machine(PagingMode.SV39, 1, "4/2", false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("TLB");
    }

    private static final class Machine implements OperationScript.Subject<Operation> {
        private final TestTables machine;
        private final PteFormat format;
        private final List<PageTable> tables = new ArrayList<>();
        private final SharedSubtree subtree;
        private final boolean invalidates;
        private final Mmu mmu;
        private final WalkResult fresh = new WalkResult();

        Machine(PagingMode paging, int subtreeLevel, String walkCache, boolean invalidates) {
            this.invalidates = invalidates;
            machine = new TestTables(paging, 2048);
            format = paging.format();
            for (int i = 0; i < SPACES; i++) {
                tables.add(machine.newTable());
            }
            subtree = SharedSubtree.createHosted(tables.get(HOST), subtreeLevel);
            machine.redeem(cursor(HOST).attach(WINDOW, subtree));
            MachineProfile profile = MachineProfile.DEFAULT
                    .withL1d(TlbGeometry.parse("2x2:lru"))
                    .withL2(TlbGeometry.parse("4x4:fifo"))
                    .withWalkCache(PageWalkCacheGeometry.parse(walkCache));
            mmu = new Mmu(
                    profile,
                    paging,
                    machine.memory(),
                    new HartSeed(1, 0),
                    QuietPageListener.NONE,
                    QuietPageListener.NONE);
        }

        @Override
        public void apply(Operation operation) {
            switch (operation) {
                case Operation.Map(int space, long virtAddr, Permissions permissions) -> {
                    if (mayEdit(space, virtAddr) && !isSuperpage(space, virtAddr)) {
                        boolean dirty = permissions.write();
                        redeem(cursor(space).map(virtAddr, machine.newFrame(), permissions, 0, dirty));
                    }
                }
                case Operation.MapSuperpage(int space, long virtAddr, Permissions permissions) -> {
                    if (mayEdit(space, virtAddr) && subtree.level() > 0 && isEmpty(space, virtAddr)) {
                        redeem(cursor(space).unmapRange(virtAddr, virtAddr + MIB_2, (_, _, _) -> {}));
                        redeem(cursor(space).map(virtAddr, 512 + 512L * (space % 2), permissions, 1, false));
                    }
                }
                case Operation.Unmap(int space, long start, long end) -> {
                    boolean cuts = isSuperpage(space, start) && end - start < MIB_2;
                    if (mayEdit(space, start) && !cuts) {
                        redeem(cursor(space).unmapRange(start, end, (_, _, _) -> {}));
                    }
                }
                case Operation.Protect(int space, long start, long end, Permissions permissions) -> {
                    if (mayEdit(space, start)) {
                        redeem(cursor(space)
                                .protectRange(start, end, (_, pte, _) -> format.withPermissions(pte, permissions)));
                    }
                }
                case Operation.AttachOrDetach(int space) -> {
                    boolean attached = cursor(space).attachedAt(WINDOW) != null;
                    redeem(
                            attached
                                    ? cursor(space).detach(WINDOW)
                                    : cursor(space).attach(WINDOW, subtree));
                }
                case Operation.Access(int space, long virtAddr, AccessType access) -> {
                    enter(space);
                    assertThat(mmu.peek(virtAddr, access)).isEqualTo(mmu.translate(virtAddr, access));
                }
            }
            machine.context().ledger().requireEmpty();
            compare();
        }

        @Override
        public void finish() {}

        private void compare() {
            for (int space = 0; space < SPACES; space++) {
                enter(space);
                for (long virtAddr : Operation.pages()) {
                    for (AccessType access : AccessType.values()) {
                        compare(space, virtAddr, access);
                    }
                }
            }
        }

        private void compare(int space, long virtAddr, AccessType access) {
            long pte = cursor(space).pteAt(virtAddr);
            int level = cursor(space).levelAt(virtAddr);
            mmu.inspect(virtAddr, access, fresh);
            if (fresh.isTranslated() != permits(pte, access)) {
                assertThat(fresh.fault())
                        .as("walk of %x in %d to %s, cursor sees %x", virtAddr, space, access, pte)
                        .isEqualTo(permits(pte, access) ? WalkFault.NONE : WalkFault.PROTECTION);
            }
            long known = mmu.peek(virtAddr, access);
            long expected = fresh.isTranslated() ? fresh.physAddr() : -1;
            if (fresh.isTranslated()) {
                long offset = virtAddr & (machine.mode().coverageBytes(level) - 1);
                assertThat(expected).isEqualTo((format.leafPfn(pte, level) << 12) + offset);
            }
            if ((known < 0 ? -1 : Translation.pageAddress(known)) != expected) {
                assertThat(known)
                        .as("TLB about %x in %d to %s, walk says %x", virtAddr, space, access, expected)
                        .isEqualTo(expected);
            }
        }

        private boolean permits(long pte, AccessType access) {
            return format.isPresent(pte)
                    && format.isUser(pte)
                    && switch (access) {
                        case LOAD -> format.isReadable(pte);
                        case STORE -> format.isWritable(pte);
                        case FETCH -> format.isExecutable(pte);
                    };
        }

        private void redeem(PendingInvalidation pending) {
            boolean harmless = pending.kind() == ChangeKind.NONE || pending.kind() == ChangeKind.ADDED;
            if (invalidates && !harmless) {
                for (PendingInvalidation.AffectedRange range : pending.affected()) {
                    mmu.invalidate(new InvalidationScope.Range(
                            asid(tables.indexOf(range.table())), range.start(), range.end(), pending.includesTables()));
                }
            }
            machine.redeem(pending);
        }

        private boolean isEmpty(int space, long start) {
            List<Long> leaves = new ArrayList<>();
            cursor(space).forEachLeaf(start, start + MIB_2, (virtAddr, _, _) -> leaves.add(virtAddr));
            return leaves.isEmpty();
        }

        private boolean isSuperpage(int space, long virtAddr) {
            return cursor(space).pteAt(virtAddr) != 0 && cursor(space).levelAt(virtAddr) == 1;
        }

        /// Below the window only the host changes anything, and within what the subtree covers.
        private boolean mayEdit(int space, long virtAddr) {
            return virtAddr < WINDOW || (space == HOST && virtAddr < WINDOW + subtree.coverageBytes());
        }

        private void enter(int space) {
            mmu.setRoot(tables.get(space).rootPfn(), asid(space));
        }

        private static int asid(int space) {
            return 11 + space;
        }

        private TableCursor cursor(int space) {
            return tables.get(space).cursor();
        }
    }
}
