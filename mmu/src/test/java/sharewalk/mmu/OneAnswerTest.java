package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.support.NaiveAddressSpaces;
import sharewalk.mmu.support.NaiveAddressSpaces.Mapped;
import sharewalk.mmu.support.NaiveAddressSpaces.Page;
import sharewalk.mmu.support.OperationScript;
import sharewalk.mmu.support.PagingOperation;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.ChangeKind;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.mmu.walk.WalkFault;
import sharewalk.mmu.walk.WalkResult;
import sharewalk.mmu.walk.WalkerProfile;

/// Software's view, hardware's view, what a hart remembers and a naive model, held against each other: once a debt is
/// redeemed, cursor, fresh walk, TLBs and model give one answer for every page of every address space, in every mode
/// and for every size of page.
final class OneAnswerTest {
    private static final int LENGTH = 200;
    private static final int SEEDS = 4;

    /// One for each seed.
    private static final List<String> WALK_CACHES =
            List.of("4/2/2", "physical:1x8:plru", "2x2:lru/2x1:fifo/2", "physical:24");

    private static final int RAM_FRAMES = 2048;

    static Stream<Arguments> modesAndSubtreeLevels() {
        return Stream.of(PagingMode.values())
                .flatMap(paging -> Stream.of(0, 1, 2)
                        .filter(level -> level < paging.rootLevel())
                        .map(level -> Arguments.of(paging, level)));
    }

    @ParameterizedTest
    @MethodSource("modesAndSubtreeLevels")
    void redeemedChangesLeaveOneAnswer(PagingMode paging, int subtreeLevel) {
        for (int seed = 0; seed < SEEDS; seed++) {
            String walkCache = WALK_CACHES.get(seed);
            OperationScript.run(
                    seed,
                    LENGTH,
                    random -> PagingOperation.random(paging, random),
                    () -> new Machine(paging, subtreeLevel, walkCache, true));
        }
    }

    /// The same comparison must fail for a machine that redeems without invalidating, or it proves nothing.
    @Test
    void forgottenInvalidationIsFoundOut() {
        assertThatThrownBy(() -> OperationScript.run(
                        1,
                        LENGTH,
                        random -> PagingOperation.random(PagingMode.SV39, random),
                        () -> new Machine(PagingMode.SV39, 1, "4/2", false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("TLB");
    }

    private static final class Machine implements OperationScript.Subject<PagingOperation> {
        private final TestTables machine;
        private final PteFormat format;
        private final List<PageTable> tables = new ArrayList<>();
        private final long window;
        private final SharedSubtree subtree;
        private final NaiveAddressSpaces model;
        private final boolean invalidates;
        private final Mmu mmu;
        private final WalkResult fresh = new WalkResult();
        private int current;
        private int drawn;

        Machine(PagingMode paging, int subtreeLevel, String walkCache, boolean invalidates) {
            this.invalidates = invalidates;
            machine = new TestTables(paging, RAM_FRAMES);
            format = paging.format();
            for (int i = 0; i < PagingOperation.SPACES; i++) {
                tables.add(machine.newTable());
            }
            window = PagingOperation.window(subtreeLevel);
            subtree = SharedSubtree.createHosted(tables.getFirst(), subtreeLevel);
            machine.redeem(cursor(0).attach(window, subtree));
            model = new NaiveAddressSpaces(PagingOperation.SPACES, window, subtree.coverageBytes(), RAM_FRAMES * 4096L);
            mmu = new Mmu(
                    profile(walkCache),
                    paging,
                    machine.memory(),
                    new HartSeed(1, 0),
                    QuietPageListener.NONE,
                    QuietPageListener.NONE);
        }

        private static MachineProfile profile(String walkCache) {
            return MachineProfile.DEFAULT
                    .withL1d(TlbGeometry.parse("2x2:lru"))
                    .withL2(TlbGeometry.parse("4x4:fifo"))
                    .withWalker(new WalkerProfile(
                            PageWalkCacheGeometry.parse(walkCache),
                            PteCacheGeometry.NONE,
                            Set.of(PagingFeature.values())));
        }

        @Override
        public void apply(PagingOperation operation) {
            switch (operation) {
                case PagingOperation.Map map -> map(map);
                case PagingOperation.Unmap(int space, long start, long end) -> unmap(space, start, end);
                case PagingOperation.Protect(int space, long start, long end, Permissions permissions) -> {
                    if (model.mayChange(space, start, end)) {
                        redeem(cursor(space)
                                .protectRange(start, end, (_, pte, _) -> format.withPermissions(pte, permissions)));
                        model.change(space, start, end, page -> page.with(permissions));
                    }
                }
                case PagingOperation.Clean(int space, long start, long end) -> {
                    if (model.mayChange(space, start, end)) {
                        redeem(cursor(space).protectRange(start, end, (_, pte, _) -> format.withoutDirty(pte)));
                        model.change(space, start, end, page -> page.withDirty(false));
                    }
                }
                case PagingOperation.AttachOrDetach(int space) -> attachOrDetach(space);
                case PagingOperation.Switch(int space) -> current = space;
                case PagingOperation.Access(long virtAddr, AccessType access) -> access(virtAddr, access);
            }
            machine.context().ledger().requireEmpty();
            for (int space = 0; space < PagingOperation.SPACES; space++) {
                compare(space);
            }
        }

        @Override
        public void finish() {}

        private void map(PagingOperation.Map map) {
            long start = map.virtAddr();
            long end = start + (1L << map.shift());
            // A page as large as the window would lie beside the subtree, not in it.
            boolean replacesWindow = end - start == subtree.coverageBytes() && start == window;
            if (replacesWindow || !model.mayChange(map.space(), start, end)) {
                return;
            }
            Mapped old = model.at(map.space(), start);
            if (old == null || old.page().shift() != map.shift()) {
                unmap(map.space(), start, end);
            }
            long pfn = frame(map.shift());
            TableCursor cursor = cursor(map.space());
            int level = (map.shift() - 12) / 9;
            redeem(
                    map.shift() == 16
                            ? cursor.mapContiguous(start, pfn, map.permissions(), map.dirty())
                            : cursor.map(start, pfn, map.permissions(), level, map.dirty()));
            model.put(map.space(), start, new Page(pfn, map.shift(), map.permissions(), map.dirty()));
        }

        private void unmap(int space, long start, long end) {
            if (model.mayChange(space, start, end)) {
                List<Long> visited = new ArrayList<>();
                NavigableMap<Long, Page> gone = model.overlapping(space, start, end);
                PendingInvalidation pending =
                        cursor(space).unmapRange(start, end, (virtAddr, _, _) -> visited.add(virtAddr));
                requireWholePages(pending, tables.get(space), gone);
                redeem(pending);
                assertThat(visited).containsExactlyElementsOf(gone.keySet());
                gone.keySet().forEach(at -> model.put(space, at, null));
            }
        }

        /// Every page that hardware could have used is named with all its addresses.
        private static void requireWholePages(
                PendingInvalidation pending, PageTable table, NavigableMap<Long, Page> gone) {
            gone.forEach((start, page) -> assertThat(page.permissions().isNone()
                            || pending.affected().stream()
                                    .anyMatch(range -> range.table() == table
                                            && range.start() <= start
                                            && range.end() >= start + (1L << page.shift())))
                    .as("%s covers %s at %x", pending, page, start)
                    .isTrue());
        }

        private void attachOrDetach(int space) {
            long end = window + subtree.coverageBytes();
            if (model.isAttached(space)) {
                redeem(cursor(space).detach(window));
                model.attachOrDetach(space);
            } else if (model.overlapping(space, window, end).isEmpty()) {
                redeem(cursor(space).attach(window, subtree));
                model.attachOrDetach(space);
            }
        }

        private void access(long virtAddr, AccessType access) {
            enter(current);
            long foreseen = mmu.peek(virtAddr, access);
            assertThat(mmu.translate(virtAddr, access)).isEqualTo(foreseen);
            if (foreseen >= 0) {
                model.accessed(current, virtAddr, access);
            }
        }

        /// Small pages get frames of their own, larger ones RAM that nobody looks at; the largest reach beyond it.
        private long frame(int shift) {
            drawn++;
            return switch (shift) {
                case 12 -> 1024 + drawn % 512;
                case 16 -> 1536 + 16L * (drawn % 16);
                case 21 -> 512L * (1 + drawn % 3);
                default -> 0;
            };
        }

        private void compare(int space) {
            NavigableMap<Long, Page> leaves = new TreeMap<>();
            cursor(space)
                    .forEachLeaf(
                            0,
                            machine.mode().userEnd(),
                            (virtAddr, pte, level) -> leaves.put(virtAddr, page(pte, level)));
            assertThat(leaves).isEqualTo(model.overlapping(space, 0, Long.MAX_VALUE));
            enter(space);
            for (long virtAddr : PagingOperation.pages(machine.mode())) {
                Mapped expected = model.at(space, virtAddr);
                long pte = cursor(space).pteAt(virtAddr);
                if (expected == null) {
                    assertThat(pte).isZero();
                } else {
                    assertThat(page(pte, cursor(space).levelAt(virtAddr))).isEqualTo(expected.page());
                }
                for (AccessType access : AccessType.values()) {
                    compare(space, virtAddr, access, expected);
                }
            }
        }

        private void compare(int space, long virtAddr, AccessType access, @Nullable Mapped expected) {
            WalkFault fault = model.faultOf(space, virtAddr, access);
            mmu.inspect(virtAddr, access, fresh);
            long known = mmu.peek(virtAddr, access);
            if (fresh.fault() != fault || Translation.fault(known) != fault) {
                assertThat(fresh.fault())
                        .as("walk of %x in %d to %s", virtAddr, space, access)
                        .isEqualTo(fault);
                assertThat(Translation.fault(known))
                        .as("TLB about %x in %d to %s", virtAddr, space, access)
                        .isEqualTo(fault);
            }
            if (fault == WalkFault.NONE && expected != null) {
                assertThat(fresh.physAddr()).isEqualTo(expected.physAddr(virtAddr));
                assertThat(fresh.pageShift()).isEqualTo(expected.page().shift());
                assertThat(fresh.permissions()).isEqualTo(expected.page().permissions());
                assertThat(Translation.pageAddress(known))
                        .as("TLB about %x in %d to %s", virtAddr, space, access)
                        .isEqualTo(expected.physAddr(virtAddr));
            }
        }

        private Page page(long pte, int level) {
            return new Page(
                    format.leafPfn(pte, level),
                    format.leafShift(pte, level),
                    format.permissions(pte),
                    format.isDirty(pte));
        }

        private void redeem(PendingInvalidation pending) {
            boolean harmless = pending.kind() == ChangeKind.NONE || pending.kind() == ChangeKind.ADDED;
            if (invalidates && !harmless) {
                for (PendingInvalidation.AffectedRange range : pending.affected()) {
                    mmu.invalidate(
                            new InvalidationScope.Range(
                                    asid(tables.indexOf(range.table())),
                                    range.start(),
                                    range.end(),
                                    pending.includesTables()),
                            FlushCause.OTHER);
                }
            }
            machine.redeem(pending);
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
