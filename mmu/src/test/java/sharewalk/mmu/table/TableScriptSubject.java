package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.support.OperationScript;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.TableModel.Leaf;
import sharewalk.mmu.table.TableModel.Shared;

/// Several tables that share subtrees, and their model. Each operation is done to both; then everything mapped, the
/// debt that was returned, and the use of every frame are compared.
final class TableScriptSubject implements OperationScript.Subject<TableOperation> {
    /// Frames of superpages lie outside RAM: tables never look at what they map.
    private static final long SUPERPAGES_PFN = 0x10_0000;

    private final TestTables machine;
    private final PteFormat format;
    private final int subtreeLevel;
    private final long windowBytes;
    private final TableModel model;
    private final TableCheck check;
    private final List<PageTable> tables = new ArrayList<>();
    private final Map<Shared, SharedSubtree> subtrees = new LinkedHashMap<>();
    private long superpages;

    TableScriptSubject(PagingMode mode, int subtreeLevel, int ramFrames) {
        this.machine = new TestTables(mode, ramFrames);
        this.format = mode.format();
        this.subtreeLevel = subtreeLevel;
        this.windowBytes = mode.tableCoverageBytes(subtreeLevel);
        this.check = new TableCheck(machine);
        this.model = new TableModel(TableOperation.TABLES, windowBytes);
        for (int i = 0; i < TableOperation.TABLES; i++) {
            tables.add(machine.newTable());
        }
    }

    @Override
    public void apply(TableOperation operation) {
        switch (operation) {
            case TableOperation.Map(int table, long virtAddr, Permissions permissions, boolean dirty) ->
                map(table, virtAddr, permissions, dirty);
            case TableOperation.MapSuperpage(int table, long virtAddr, Permissions permissions) ->
                mapSuperpage(table, virtAddr, permissions);
            case TableOperation.Unmap(int table, long virtAddr) -> unmap(table, virtAddr);
            case TableOperation.UnmapRange(int table, long start, long end) -> clear(table, start, end, true);
            case TableOperation.ClearRange(int table, long start, long end) -> clear(table, start, end, false);
            case TableOperation.FreeTables(int table, long start, long end) ->
                check(
                        () -> cursor(table)
                                .freeTables(start, end, 0, machine.mode().userEnd()),
                        () -> {});
            case TableOperation.Protect(int table, long start, long end, Permissions permissions) ->
                edit(
                        table,
                        start,
                        end,
                        (_, pte, _) -> format.withPermissions(pte, permissions),
                        leaf -> new Leaf(leaf.pfn(), permissions, leaf.dirty(), leaf.level()));
            case TableOperation.Clean(int table, long start, long end) ->
                edit(
                        table,
                        start,
                        end,
                        (_, pte, _) -> format.withoutDirty(pte),
                        leaf -> new Leaf(leaf.pfn(), leaf.permissions(), false, leaf.level()));
            case TableOperation.Create(int table, int window, boolean hosted) -> create(table, window, hosted);
            case TableOperation.Attach(int table, int window, int subtree) -> attach(table, window, subtree);
            case TableOperation.Detach(int table, int window) -> detach(table, TableOperation.windowStart(window));
            case TableOperation.Share(int table, int window, boolean guarded) ->
                share(table, TableOperation.windowStart(window), guarded && format.guardsTables());
            case TableOperation.Reclaim(int table, int window) -> reclaim(table, TableOperation.windowStart(window));
            case TableOperation.UnshareByCopy(int table, int window) ->
                unshareByCopy(table, TableOperation.windowStart(window));
            case TableOperation.Replace(int table) -> {
                if (empty(table)) {
                    tables.set(table, machine.newTable());
                }
            }
        }
        checkEverything();
    }

    @Override
    public void finish() {
        for (int table = 0; table < tables.size(); table++) {
            int self = table;
            model.windows(table, 0, machine.mode().userEnd()).entrySet().stream()
                    .filter(window -> window.getValue().host != self)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(start -> detach(self, start));
        }
        for (int table = 0; table < tables.size(); table++) {
            assertThat(empty(table)).isTrue();
            tables.set(table, machine.newTable());
        }
        tables.forEach(table -> machine.redeem(table.destroy()));
        assertThat(machine.frames().usedFrames()).as("frames used at the end").isZero();
    }

    private void map(int table, long virtAddr, Permissions permissions, boolean dirty) {
        Leaf old = model.view(table).get(virtAddr);
        boolean covered =
                model.view(table, virtAddr, virtAddr + 0x1000).values().stream().anyMatch(leaf -> leaf.level() > 0);
        if (covered || !model.mayEdit(table, virtAddr)) {
            return;
        }
        long pfn = machine.frames().allocate(FrameUse.DATA);
        if (pfn == FrameAllocator.NO_FRAME) {
            return;
        }
        boolean mapped = check(
                () -> {
                    PendingInvalidation pending = cursor(table).map(virtAddr, pfn, permissions, 0, dirty);
                    return old == null ? pending : pending.releasing(frames(List.of(old)));
                },
                () -> model.put(table, virtAddr, new Leaf(pfn, permissions, dirty, 0)));
        if (!mapped) {
            machine.frames().release(pfn);
        }
    }

    private void mapSuperpage(int table, long virtAddr, Permissions permissions) {
        boolean blocked = model.view(table, virtAddr, virtAddr + TableOperation.MIB_2).values().stream()
                .anyMatch(leaf -> leaf.level() == 0);
        boolean window = !model.windows(table, virtAddr, virtAddr + 1).isEmpty();
        if (blocked || (window && subtreeLevel == 0) || !model.mayEdit(table, virtAddr)) {
            return;
        }
        long pfn = SUPERPAGES_PFN + 512 * superpages++;
        check(
                () -> cursor(table).map(virtAddr, pfn, permissions, 1, false),
                () -> model.put(table, virtAddr, new Leaf(pfn, permissions, false, 1)));
    }

    private void unmap(int table, long virtAddr) {
        NavigableMap<Long, Leaf> there = model.view(table, virtAddr, virtAddr + 0x1000);
        if (!model.mayEdit(table, virtAddr)) {
            return;
        }
        check(
                () -> cursor(table).unmap(virtAddr).releasing(frames(there.values())),
                () -> there.keySet().forEach(at -> model.remove(table, at)));
    }

    private void clear(int table, long start, long end, boolean freesTables) {
        NavigableMap<Long, Leaf> there = model.view(table, start, end);
        if (model.isRefused(table, start, end, there)) {
            return;
        }
        // Through two windows onto one subtree a leaf is met, and removed, at the first.
        Set<Object> met = new HashSet<>();
        there.keySet().removeIf(at -> !met.add(model.place(table, at)));
        List<Long> visited = new ArrayList<>();
        LeafVisitor visitor = (virtAddr, _, _) -> visited.add(virtAddr);
        check(
                () -> {
                    TableCursor cursor = cursor(table);
                    PendingInvalidation pending = freesTables
                            ? cursor.unmapRange(start, end, visitor)
                            : cursor.clearRange(start, end, visitor);
                    return pending.releasing(frames(there.values()));
                },
                () -> there.keySet().forEach(at -> model.remove(table, at)));
        assertThat(visited).containsExactlyElementsOf(there.keySet());
    }

    private void edit(int table, long start, long end, LeafEdit edit, UnaryOperator<Leaf> onModel) {
        NavigableMap<Long, Leaf> there = model.view(table, start, end);
        if (model.isRefused(table, start, end, there)) {
            return;
        }
        check(
                () -> cursor(table).protectRange(start, end, edit),
                () -> there.forEach((at, leaf) -> model.put(table, at, onModel.apply(leaf))));
    }

    private void create(int table, int window, boolean hosted) {
        Shared shared = new Shared(hosted ? table : -1);
        if (!model.isRoom(table, TableOperation.windowStart(window))) {
            return;
        }
        SharedSubtree subtree;
        try {
            subtree = hosted
                    ? SharedSubtree.createHosted(tables.get(table), subtreeLevel)
                    : SharedSubtree.create(machine.context(), subtreeLevel, TableAccounting.NONE);
        } catch (OutOfFramesException outOfFrames) {
            return;
        }
        subtrees.put(shared, subtree);
        if (!attach(table, TableOperation.windowStart(window), shared, subtree)) {
            subtrees.remove(shared);
            subtree.discard();
        }
    }

    private void attach(int table, int window, int which) {
        List<Shared> known = List.copyOf(subtrees.keySet());
        if (which >= known.size() || known.get(which).host == table) {
            return;
        }
        Shared shared = known.get(which);
        SharedSubtree subtree = subtrees.get(shared);
        if (subtree != null && model.isRoom(table, TableOperation.windowStart(window))) {
            boolean _ = attach(table, TableOperation.windowStart(window), shared, subtree);
        }
    }

    private boolean attach(int table, long start, Shared shared, SharedSubtree subtree) {
        return check(() -> cursor(table).attach(start, subtree), () -> model.attach(table, start, shared));
    }

    private void detach(int table, long start) {
        Shared shared = model.windows(table, start, start + 1).get(start);
        if (shared == null || (shared.host == table && model.attachments(shared) > 1)) {
            return;
        }
        boolean last = model.attachments(shared) == 1;
        FrameBatch batch = new FrameBatch();
        check(
                () -> cursor(table)
                        .detach(start, (_, pte, level) -> addFrame(batch, format.leafPfn(pte, level)))
                        .releasing(batch),
                () -> model.detach(table, start));
        if (last) {
            subtrees.remove(shared);
        }
    }

    private void share(int table, long start, boolean guarded) {
        if (!model.windows(table, start, start + windowBytes).isEmpty()
                || !cursor(table).hasOwnTable(start, subtreeLevel)) {
            return;
        }
        // Any address below the page names it.
        SharedSubtree subtree = cursor(table).share(start + 0x5000, subtreeLevel, TableAccounting.NONE);
        machine.context().ledger().requireEmpty();
        Shared shared = model.share(table, start);
        subtrees.put(shared, subtree);
        if (guarded) {
            checkPointer(() -> cursor(table).guard(start), () -> shared.guarded = true, ChangeKind.NARROWED_OR_REMOVED);
        }
    }

    private void reclaim(int table, long start) {
        Shared shared = model.windows(table, start, start + 1).get(start);
        if (shared == null || shared.host >= 0 || model.attachments(shared) > 1) {
            return;
        }
        subtrees.remove(shared);
        checkPointer(
                () -> cursor(table).reclaim(start),
                () -> model.unshare(table, start, UnaryOperator.identity()),
                shared.guarded ? ChangeKind.PERMISSIONS_WIDENED : ChangeKind.NONE);
    }

    /// Copies as a fork would have: what could not be written through the shared page cannot be afterwards.
    private void unshareByCopy(int table, long start) {
        Shared shared = model.windows(table, start, start + 1).get(start);
        if (shared == null || subtreeLevel > 0 || shared.host == table || model.attachments(shared) < 2) {
            return;
        }
        NavigableMap<Long, Leaf> before = model.view(table);
        check(
                () -> cursor(table).unshareByCopy(start, (_, pte, _) -> {
                    machine.frames().retain(format.pfn(pte));
                    return shared.guarded
                            ? format.withPermissions(
                                    pte, format.permissions(pte).withoutWrite())
                            : pte;
                }),
                () -> {
                    model.unshare(table, start, leaf -> shared.guarded ? leaf.withoutWrite() : leaf);
                    assertThat(model.view(table))
                            .as("unsharing changes no translation")
                            .isEqualTo(before);
                });
    }

    /// Does an operation that rewrites no more than a pointer to a table page, and checks that its debt is of `kind`.
    private void checkPointer(Supplier<PendingInvalidation> operation, Runnable onModel, ChangeKind kind) {
        List<NavigableMap<Long, Leaf>> before = model.views();
        PendingInvalidation pending = operation.get();
        onModel.run();
        assertThat(DebtCheck.gravest(pending, tables, before, model.views())).isLessThanOrEqualTo(kind);
        assertThat(pending.kind()).as("kind of change").isEqualTo(kind);
        machine.redeem(pending);
        machine.context().ledger().requireEmpty();
    }

    /// Unmaps and detaches everything and destroys a table, unless it hosts what others use.
    private boolean empty(int table) {
        long userEnd = machine.mode().userEnd();
        for (Shared shared : model.windows(table, 0, userEnd).values()) {
            if (shared.host == table && model.attachments(shared) > 1) {
                return false;
            }
        }
        List.copyOf(model.windows(table, 0, userEnd).keySet()).forEach(start -> detach(table, start));
        clear(table, 0, userEnd, true);
        assertThat(tables.get(table).tablePages()).isEqualTo(1);
        machine.redeem(tables.get(table).destroy());
        return true;
    }

    /// Does an operation to the tables, compares its debt with what the model says, and redeems it. Returns false when
    /// RAM was used up.
    @CanIgnoreReturnValue
    private boolean check(Supplier<PendingInvalidation> operation, Runnable onModel) {
        List<NavigableMap<Long, Leaf>> before = model.views();
        Set<Long> tablePages = new HashSet<>(reachable().tablePages());
        int attachments = attachments();
        PendingInvalidation pending;
        try {
            pending = operation.get();
        } catch (OutOfFramesException outOfFrames) {
            machine.context().ledger().requireEmpty();
            return false;
        }
        onModel.run();
        tablePages.removeAll(reachable().tablePages());
        ChangeKind kind = DebtCheck.gravest(pending, tables, before, model.views());
        if (attachments() > attachments) {
            kind = kind.and(ChangeKind.ADDED);
        }
        if (attachments() < attachments || !tablePages.isEmpty()) {
            kind = ChangeKind.TABLES_FREED;
        }
        assertThat(pending.kind()).as("kind of change").isEqualTo(kind);
        machine.redeem(pending);
        machine.context().ledger().requireEmpty();
        return true;
    }

    private void checkEverything() {
        for (int table = 0; table < tables.size(); table++) {
            check.check(tables.get(table), model.view(table));
        }
        ReachableFrames reachable = reachable();
        reachable.check();
        long counted = tables.stream().mapToLong(PageTable::tablePages).sum()
                + subtrees.values().stream()
                        .mapToLong(SharedSubtree::tablePages)
                        .sum();
        assertThat(counted)
                .as("table pages counted")
                .isEqualTo(reachable.tablePages().size());
        subtrees.forEach((shared, subtree) -> {
            assertThat(subtree.attachments()).hasSize(model.attachments(shared));
            assertThat(reachable.pointersTo(subtree.pfn())).isEqualTo(model.attachments(shared));
        });
    }

    private FrameBatch frames(Iterable<Leaf> leaves) {
        FrameBatch batch = new FrameBatch();
        leaves.forEach(leaf -> addFrame(batch, leaf.pfn()));
        return batch;
    }

    private static void addFrame(FrameBatch batch, long pfn) {
        if (pfn < SUPERPAGES_PFN) {
            batch.add(pfn);
        }
    }

    private int attachments() {
        return subtrees.values().stream()
                .mapToInt(subtree -> subtree.attachments().size())
                .sum();
    }

    private ReachableFrames reachable() {
        return new ReachableFrames(machine, tables);
    }

    private TableCursor cursor(int table) {
        return tables.get(table).cursor();
    }
}
