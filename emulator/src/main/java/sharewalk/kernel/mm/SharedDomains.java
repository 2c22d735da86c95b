package sharewalk.kernel.mm;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.flush.FlushScheme;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.mmu.table.SharedSubtree;

/// The domains of a machine: what several address spaces translate alike, each with an id that tags it on every hart
/// in place of theirs (the shared ASID of BabelFish, ISCA 2020).
///
/// A domain is a shared subtree that hangs at one address with one set of rights; whoever has it elsewhere or otherwise
/// is in another. Its id is one of the machine's highest, which no address space gets. Ids are given in turn, the
/// highest first; one whose domain has ended is dropped on every hart when it is given again. When all are in use, a
/// newcomer has none, and its harts go by address spaces there.
///
/// Nothing is owed to a domain when one of several members leaves: what harts hold under the id stays true for the
/// others. Changes below a subtree are made by its host, and drop everything everywhere.
final class SharedDomains {
    private final int maxId;
    private final Retirement retirement;
    private final @Nullable Domain[] domains;
    private final int[] members;
    private final long[] numbers;
    private long opened;
    private final BitSet used = new BitSet();
    private int next;

    /// What several address spaces translate alike from `start` on.
    private record Domain(SharedSubtree subtree, long start, int prot) {}

    /// Who makes every hart forget an id.
    @FunctionalInterface
    interface Retirement {
        /// Forgets what is tagged with an id; charged to `virtAddr`.
        void retire(int domainId, long virtAddr);
    }

    SharedDomains(FlushSettings settings, Retirement retirement) {
        this.maxId = settings.maxId();
        this.retirement = retirement;
        this.domains = new Domain[settings.domainIds()];
        this.members = new int[domains.length];
        this.numbers = new long[domains.length];
    }

    /// Adds a member to the domain of a subtree attached at `start` with `prot`; returns the domain's id, or
    /// [FlushScheme#NO_DOMAIN] if it has none.
    int join(SharedSubtree subtree, long start, int prot) {
        Domain wanted = new Domain(subtree, start, prot);
        int index = indexOf(wanted);
        if (index < 0) {
            index = free();
            if (index < 0) {
                return FlushScheme.NO_DOMAIN;
            }
            open(index, wanted);
        }
        members[index]++;
        return maxId - index;
    }

    /// Returns the number of the domain with an id, which no other domain ever has.
    long numberOf(int domainId) {
        return numbers[maxId - domainId];
    }

    /// Takes a member from a domain; the last one ends it.
    void leave(int domainId) {
        int index = maxId - domainId;
        members[index]--;
        if (members[index] == 0) {
            domains[index] = null;
        }
    }

    private void open(int index, Domain domain) {
        if (used.get(index)) {
            retirement.retire(maxId - index, domain.start);
        }
        used.set(index);
        domains[index] = domain;
        numbers[index] = opened++;
        next = (index + 1) % domains.length;
    }

    private int indexOf(Domain wanted) {
        for (int index = 0; index < domains.length; index++) {
            if (wanted.equals(domains[index])) {
                return index;
            }
        }
        return -1;
    }

    private int free() {
        for (int i = 0; i < domains.length; i++) {
            int index = (next + i) % domains.length;
            if (domains[index] == null) {
                return index;
            }
        }
        return -1;
    }
}
