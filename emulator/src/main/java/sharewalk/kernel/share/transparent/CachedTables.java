package sharewalk.kernel.share.transparent;

import static sharewalk.abi.MmapProt.PROT_NONE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.TableSharing;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.kernel.share.transparent.CachedTable.Content;
import sharewalk.kernel.share.transparent.CachedTable.User;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.PendingInvalidation;

/// The leaf tables of a machine that can be shared, found by file, block and rights. Whoever faults first in a block
/// fills a table of its own; whoever faults there later, with the same rights, is linked to it.
///
/// A user of a table maps the whole block by one shared mapping with the table's rights, so that everybody's entries
/// would be the same. Whoever is about to differ is unlinked first.
public final class CachedTables implements TableSharing {
    private final Predicate<Vma> isWanted;
    private final Map<Content, CachedTable> tables = new HashMap<>();

    /// By address space, then by block.
    private final Map<AddressSpace, NavigableMap<Long, CachedTable>> uses = new HashMap<>();

    /// Creates the cache of a machine; `isWanted` says which shared mappings of files are to share tables.
    public CachedTables(Predicate<Vma> isWanted) {
        this.isWanted = isWanted;
    }

    @Override
    public boolean takesHint() {
        return true;
    }

    @Override
    public Linking beforeFault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        User user = new User(space, virtAddr & -blockBytes(space));
        if (!isShareable(vma, user) || usesOf(space).containsKey(user.block())) {
            return Linking.NOTHING;
        }
        CachedTable table = usable(content(vma, user));
        if (table == null) {
            begin(vma, user);
            return Linking.NOTHING;
        }
        if (user.hasOwnTable() || user.hasSuperpage()) {
            // Filled while the area did not cover the block: it stays, as after huge_pmd_unshare. A superpage has no
            // table to save.
            return Linking.NOTHING;
        }
        space.context().shootdown().redeemUnseen(link(table, user));
        PteFormat format = space.context().paging().format();
        if (!format.isPresent(space.table().hardwareCursor().pteAt(virtAddr))) {
            return Linking.NOTHING;
        }
        space.context().shootdown().fence(space, virtAddr);
        return Linking.LINKED;
    }

    @Override
    public PendingInvalidation beforeChange(AddressSpace space, long start, long end, Change change) {
        @Nullable NavigableMap<Long, CachedTable> own = uses.get(space);
        if (own == null || change == Change.COPY) {
            return PendingInvalidation.NONE;
        }
        PendingInvalidation pending = PendingInvalidation.NONE;
        // A cut between two blocks is in neither.
        for (long block :
                List.copyOf(own.subMap(start & -blockBytes(space), end).keySet())) {
            pending = pending.merge(unlink(new User(space, block)));
        }
        if (change == Change.EXIT) {
            uses.remove(space);
        }
        return pending;
    }

    /// Links the area to the tables with its new rights; entries of its own are dropped for that, and where there is no
    /// such table, its own becomes it.
    @Override
    public PendingInvalidation afterProtect(AddressSpace space, Vma vma) {
        return adopt(space, vma);
    }

    /// Does for the whole of an area what faults would do, with tables filled before: see [#afterProtect].
    public PendingInvalidation adopt(AddressSpace space, Vma vma) {
        PendingInvalidation pending = PendingInvalidation.NONE;
        long bytes = blockBytes(space);
        for (long block = vma.start() + bytes - 1 & -bytes; block + bytes <= vma.end(); block += bytes) {
            User user = new User(space, block);
            if (isShareable(vma, user) && !usesOf(space).containsKey(block)) {
                pending = pending.merge(adopt(vma, user));
            }
        }
        return pending;
    }

    private PendingInvalidation adopt(Vma vma, User user) {
        CachedTable table = usable(content(vma, user));
        boolean hasOwn = user.hasOwnTable();
        if (table == null) {
            if (hasOwn) {
                begin(vma, user);
            }
            return PendingInvalidation.NONE;
        }
        if (!hasOwn
                && (user.hasSuperpage() || user.space().table().hardwareCursor().levelAt(user.block()) > 1)) {
            // A superpage has no table to save. Where nothing was ever, the first fault may link.
            return PendingInvalidation.NONE;
        }
        PendingInvalidation dropped = hasOwn ? drop(user) : PendingInvalidation.NONE;
        return dropped.merge(link(table, user));
    }

    /// Drops a user's own table of a block, whose pages the file keeps.
    private static PendingInvalidation drop(User user) {
        PteFormat format = user.space().context().paging().format();
        FrameBatch frames = new FrameBatch();
        return user.space()
                .table()
                .cursor()
                .unmapRange(
                        user.block(),
                        user.block() + blockBytes(user.space()),
                        (_, pte, level) -> frames.add(format.leafPfn(pte, level)))
                .releasing(frames);
    }

    private boolean isShareable(Vma vma, User user) {
        return vma.mapping() instanceof Mapping.SharedPages
                && vma.prot() != PROT_NONE
                && !vma.has(VmaTraits.USERFAULT)
                && vma.start() <= user.block()
                && user.block() + blockBytes(user.space()) <= vma.end()
                && isWanted.test(vma);
    }

    private static Content content(Vma vma, User user) {
        if (!(vma.mapping() instanceof Mapping.SharedPages(var source))) {
            throw new IllegalArgumentException("no shared mapping of a file: " + vma);
        }
        return new Content(source, vma.pageIndex(user.block()), vma.prot());
    }

    /// Returns a table that others can be linked to, or null.
    private @Nullable CachedTable usable(Content content) {
        CachedTable table = tables.get(content);
        if (table != null && !table.hasPage()) {
            User first = table.first();
            first.space().context().shootdown().redeemUnseen(unlink(first));
            return null;
        }
        return table;
    }

    private void begin(Vma vma, User user) {
        Content content = content(vma, user);
        CachedTable table = new CachedTable(content, user);
        tables.put(content, table);
        usesOf(user.space()).put(user.block(), table);
    }

    private PendingInvalidation link(CachedTable table, User user) {
        PendingInvalidation pending = table.link(user);
        usesOf(user.space()).put(user.block(), table);
        return pending;
    }

    private PendingInvalidation unlink(User user) {
        CachedTable table = usesOf(user.space()).remove(user.block());
        if (table == null) {
            throw new IllegalStateException("no table is cached for " + user);
        }
        PendingInvalidation pending = table.unlink(user);
        if (table.isUnused()) {
            tables.remove(table.content());
        }
        return pending;
    }

    private NavigableMap<Long, CachedTable> usesOf(AddressSpace space) {
        return uses.computeIfAbsent(space, _ -> new TreeMap<>());
    }

    private static long blockBytes(AddressSpace space) {
        return space.context().paging().tableCoverageBytes(0);
    }
}
