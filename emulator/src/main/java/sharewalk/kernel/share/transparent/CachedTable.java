package sharewalk.kernel.share.transparent;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.PageSource;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;

/// The leaf table of one block of a file with one set of rights, and who translates the block by it: one process
/// through a table page of its own, or several through one that they share.
final class CachedTable {
    /// What a table translates: the pages of a file from `firstPage` on, with the rights `prot` (bits of MmapProt).
    record Content(PageSource source, long firstPage, int prot) {}

    /// A place where a table is used: the first address of the block there.
    record User(AddressSpace space, long block) {
        boolean hasOwnTable() {
            return space.table().hardwareCursor().hasOwnTable(block, 0);
        }

        /// Returns whether one entry maps the whole block: no table page can be linked there.
        boolean hasSuperpage() {
            return space.table().hardwareCursor().levelAt(block) > 0
                    && space.table().hardwareCursor().pteAt(block) != 0;
        }
    }

    private final Content content;
    private final Set<User> users = new LinkedHashSet<>();
    private @Nullable SharedSubtree subtree;

    CachedTable(Content content, User first) {
        this.content = content;
        users.add(first);
    }

    Content content() {
        return content;
    }

    /// Returns whoever has used the table longest.
    User first() {
        return users.iterator().next();
    }

    boolean isUnused() {
        return users.isEmpty();
    }

    /// Returns whether there is a table page: a lone user gets one by its first page.
    boolean hasPage() {
        return subtree != null || first().hasOwnTable();
    }

    /// Links a user who has no table for the block; the caller redeems.
    ///
    /// Preconditions: [#hasPage].
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    PendingInvalidation link(User user) {
        SharedSubtree shared = subtree;
        if (shared == null) {
            shared = first().space.shareTable(first().block, 0);
            subtree = shared;
        }
        try {
            PendingInvalidation pending = user.space.table().cursor().attach(user.block, shared);
            users.add(user);
            return pending;
        } finally {
            reclaimIfAlone();
        }
    }

    /// Unlinks a user; the caller redeems. A lone user keeps the table page, which is its own.
    PendingInvalidation unlink(User user) {
        PendingInvalidation pending = subtree == null
                ? PendingInvalidation.NONE
                : user.space.table().cursor().detach(user.block);
        users.remove(user);
        reclaimIfAlone();
        return pending;
    }

    private void reclaimIfAlone() {
        if (subtree != null && users.size() == 1) {
            User last = first();
            last.space
                    .context()
                    .shootdown()
                    .redeemUnseen(last.space.table().cursor().reclaim(last.block));
            subtree = null;
        }
    }
}
