package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.mmu.paging.Permissions.USER_READ_WRITE;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cause.FlushShadow;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.count.MissTotals;
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
import sharewalk.mmu.tlb.TlbGeometry;

/// Why pages of a shared subtree are missed on machines that tag them, or the tables above them, with an id of its own.
final class SharedDomainCausesTest {
    private static final long WINDOW = 0x20_0000_0000L;
    private static final long WINDOW_BYTES = 1L << 30;
    private static final int DOMAIN = 100;
    private static final int PAGES = 12;

    private final TestTables machine = new TestTables(PagingMode.SV39, 64);
    private final Counters counters = new Counters();
    private final PageTable first = machine.newTable();
    private final PageTable second = machine.newTable();

    private Mmu mmu(TagRules tags) {
        SharedSubtree subtree = SharedSubtree.create(machine.context(), 1, TableAccounting.NONE);
        machine.redeem(first.cursor().attach(WINDOW, subtree));
        machine.redeem(second.cursor().attach(WINDOW, subtree));
        for (int i = 0; i < PAGES; i++) {
            machine.redeem(first.cursor().map(page(i), machine.newFrame(), USER_READ_WRITE, 0, false));
        }
        MachineProfile profile = MachineProfile.DEFAULT
                .withL1d(TlbGeometry.parse("1x2:lru"))
                .withL2(TlbGeometry.parse("1x4:lru"))
                .withTags(tags);
        HartSeed seed = new HartSeed(1, 0);
        Mmu mmu = new Mmu(
                profile, PagingMode.SV39, machine.memory(), seed, QuietPageListener.NONE, QuietPageListener.NONE);
        mmu.chargeTo(CounterMap.all(counters));
        mmu.explainMisses(new FlushShadow(
                new FlushShadow.Hardware(profile.tlbs(), profile.walker(), PagingMode.SV39, machine.memory(), true),
                seed,
                QuietPageListener.NONE,
                QuietPageListener.NONE));
        return mmu;
    }

    private static long page(int i) {
        return WINDOW + i % 3 * (2L << 20) + i * 4096L;
    }

    private static DomainRanges domain(long number) {
        return DomainRanges.of(List.of(new DomainRanges.Domain(WINDOW, WINDOW + WINDOW_BYTES, DOMAIN, number)));
    }

    private MissTotals causes() {
        return Objects.requireNonNull(counters.snapshot().misses());
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void withoutAFlush_nothingIsSparedOrIndirect(boolean sharedDomains, boolean sharedWalkCache) {
        Mmu mmu = mmu(new TagRules(16, sharedDomains, sharedWalkCache));
        for (int i = 0; i < 60; i++) {
            PageTable table = i % 2 == 0 ? first : second;
            mmu.setSpace(new AddressSpaceRegister(table.rootPfn(), 7 + i % 2, 1 + i % 2, domain(0)));
            assertThat(mmu.translate(page(i * 7 % PAGES), AccessType.LOAD)).isPositive();
        }
        assertThat(causes().counted(MissFigure.WALK_STEPS)).isPositive();
        for (MissFigure figure : MissFigure.values()) {
            assertThat(causes().get(MissCause.SPARED, figure)).as("%s", figure).isZero();
            assertThat(causes().get(MissCause.INDIRECT, figure))
                    .as("%s", figure)
                    .isZero();
        }
    }

    @Test
    void domainWithTheIdOfAnother_isCold() {
        Mmu mmu = mmu(new TagRules(16, true, true));
        mmu.setSpace(new AddressSpaceRegister(first.rootPfn(), 7, 1, domain(0)));
        assertThat(mmu.translate(page(0), AccessType.LOAD)).isPositive();
        mmu.invalidate(new InvalidationScope.Asid(DOMAIN), FlushCause.OTHER);
        mmu.setSpace(new AddressSpaceRegister(first.rootPfn(), 7, 1, domain(1)));
        assertThat(mmu.translate(page(0), AccessType.LOAD)).isPositive();
        assertThat(causes().get(MissCause.COLD, MissFigure.L1D_MISSES)).isEqualTo(2);
        assertThat(causes().get(MissCause.OTHER, MissFigure.L1D_MISSES)).isZero();
    }
}
