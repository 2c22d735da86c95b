package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.mmu.paging.Permissions.USER_READ_WRITE;

import java.util.List;
import org.junit.jupiter.api.Test;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.DomainRanges;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.mmu.walk.WalkFault;

/// Two processes that have a shared subtree at one address, on machines that tag what lies below it with an id of its
/// own, or do not.
final class SharedDomainTest {
    private static final long WINDOW = 0x20_0000_0000L;
    private static final long WINDOW_BYTES = 1L << 30;
    private static final long PAGE = WINDOW + 0x1000;
    private static final int DOMAIN = 100;
    private static final DomainRanges RANGES =
            DomainRanges.of(List.of(new DomainRanges.Domain(WINDOW, WINDOW + WINDOW_BYTES, DOMAIN, 0)));

    private final TestTables machine = new TestTables(PagingMode.SV39, 64);
    private final Counters counters = new Counters();
    private final PageTable first = machine.newTable();
    private final PageTable second = machine.newTable();

    private Mmu mmu(boolean sharedDomains, boolean sharedWalkCache) {
        SharedSubtree subtree = SharedSubtree.create(machine.context(), 1, TableAccounting.NONE);
        machine.redeem(first.cursor().attach(WINDOW, subtree));
        machine.redeem(second.cursor().attach(WINDOW, subtree));
        machine.redeem(first.cursor().map(PAGE, machine.newFrame(), USER_READ_WRITE, 0, false));
        Mmu mmu = new Mmu(
                MachineProfile.DEFAULT.withTags(new TagRules(16, sharedDomains, sharedWalkCache)),
                PagingMode.SV39,
                machine.memory(),
                new HartSeed(1, 0),
                QuietPageListener.NONE,
                QuietPageListener.NONE);
        mmu.chargeTo(CounterMap.all(counters));
        mmu.setSpace(new AddressSpaceRegister(first.rootPfn(), 7, 1, RANGES));
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        mmu.setSpace(new AddressSpaceRegister(second.rootPfn(), 8, 2, RANGES));
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        return mmu;
    }

    private void assertCounts(long misses, long walks, long steps) {
        assertThat(List.of(
                        counters.get(Counter.L1D_LOAD_MISS),
                        counters.get(Counter.WALK),
                        counters.get(Counter.WALK_STEP)))
                .containsExactly(misses, walks, steps);
    }

    @Test
    void withoutSharedTags_theSecondProcessMissesAndWalksFromTheRoot() {
        Mmu _ = mmu(false, false);
        assertCounts(2, 2, 6);
    }

    @Test
    void withSharedDomains_theSecondProcessHitsTheFirstOnesEntry() {
        Mmu _ = mmu(true, false);
        assertCounts(1, 1, 3);
    }

    @Test
    void withASharedWalkCacheAlone_theSecondProcessReadsTheLeafOnly() {
        Mmu _ = mmu(false, true);
        assertCounts(2, 2, 4);
    }

    @Test
    void processOutsideTheDomain_isNotServed() {
        Mmu mmu = mmu(true, true);
        mmu.setSpace(new AddressSpaceRegister(machine.newTable().rootPfn(), 9, 3, DomainRanges.NONE));
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.LOAD))).isEqualTo(WalkFault.NOT_PRESENT);
    }

    @Test
    void invalidatingTheDomainsId_reachesItsEntries_andTheAuditLooksAtThem() {
        Mmu mmu = mmu(true, true);
        machine.redeem(first.cursor().unmap(PAGE));
        TranslationAudit audit = new TranslationAudit(mmu, machine.frames().table());
        assertThat(audit.run()).hasSize(2);
        mmu.invalidate(new InvalidationScope.Page(8, PAGE, false), FlushCause.MUNMAP);
        assertThat(audit.run()).hasSize(2);
        mmu.invalidate(new InvalidationScope.Page(DOMAIN, PAGE, false), FlushCause.MUNMAP);
        assertThat(audit.run()).isEmpty();
    }
}
