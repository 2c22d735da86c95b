package sharewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

final class PageWalkCacheTest {
    private static final int ASID = 6;
    private static final long MIB_2 = 2L << 20;
    private static final long GIB = 1L << 30;

    private static PageWalkCache cache(String geometry, boolean pageDropsAll) {
        return new PageWalkCache(
                new WalkerProfile(PageWalkCacheGeometry.parse(geometry), PteCacheGeometry.NONE, Set.of()),
                pageDropsAll ? PagingMode.X86_64_4LEVEL : PagingMode.SV48,
                new HartSeed(1, 0));
    }

    private static PageWalkCache filled(boolean pageDropsAll) {
        PageWalkCache cache = cache("4/4/4", pageDropsAll);
        for (int level = 1; level <= 3; level++) {
            cache.fill(ASID, 0, level, level << 12);
        }
        return cache;
    }

    @Test
    void find_givesTheLowestLevelKept() {
        PageWalkCache cache = filled(false);
        assertThat(cache.find(ASID, MIB_2 - 1)).isEqualTo(1);
        assertThat(cache.found()).isEqualTo(1 << 12);
        assertThat(cache.find(ASID, MIB_2)).isEqualTo(2);
        assertThat(cache.found()).isEqualTo(2 << 12);
        assertThat(cache.find(ASID, GIB)).isEqualTo(3);
        assertThat(cache.find(ASID, 512 * GIB)).isZero();
        assertThat(cache.find(ASID + 1, 0)).isZero();
    }

    @Test
    void levelWithoutEntries_isNeverFound() {
        PageWalkCache cache = cache("0/4", false);
        for (int level = 1; level <= 3; level++) {
            cache.fill(ASID, 0, level, level << 12);
        }
        assertThat(cache.find(ASID, 0)).isEqualTo(2);
        assertThat(cache.find(ASID, GIB)).isZero();
    }

    @Test
    void fullLevel_dropsTheLeastRecentlyUsed() {
        PageWalkCache cache = cache("2", false);
        cache.fill(ASID, 0, 1, 1 << 12);
        cache.fill(ASID, MIB_2, 1, 2 << 12);
        assertThat(cache.find(ASID, 0)).isEqualTo(1);
        cache.touchFound();
        cache.fill(ASID, 2 * MIB_2, 1, 3 << 12);
        assertThat(cache.find(ASID, 0)).isEqualTo(1);
        assertThat(cache.find(ASID, MIB_2)).isZero();
    }

    @Test
    void refill_replacesWhatAnEntryStandsFor() {
        PageWalkCache cache = filled(false);
        cache.fill(ASID, 0, 1, 9 << 12);
        assertThat(cache.find(ASID, 0)).isEqualTo(1);
        assertThat(cache.found()).isEqualTo(9 << 12);
    }

    @Test
    void leafInvalidation_leavesTablesOnRiscv() {
        PageWalkCache cache = filled(false);
        cache.invalidate(new InvalidationScope.Page(ASID, 0, false));
        cache.invalidate(new InvalidationScope.Range(ASID, 0, GIB, false));
        assertThat(cache.find(ASID, 0)).isEqualTo(1);
        cache.invalidate(new InvalidationScope.Range(ASID, MIB_2, GIB, true));
        assertThat(cache.find(ASID, 0)).isEqualTo(1);
        assertThat(cache.find(ASID, MIB_2)).isZero();
        cache.invalidate(new InvalidationScope.Page(ASID, MIB_2 - 1, true));
        assertThat(cache.find(ASID, 0)).isZero();
    }

    @Test
    void leafInvalidation_dropsAllTablesOfTheAddressSpaceOnX86() {
        PageWalkCache cache = filled(true);
        cache.fill(ASID + 1, 0, 1, 7 << 12);
        cache.invalidate(new InvalidationScope.Page(ASID, 77 * GIB, false));
        assertThat(cache.find(ASID, 0)).isZero();
        assertThat(cache.find(ASID + 1, 0)).isEqualTo(1);
    }

    @Test
    void asidAndAll_dropWhatTheySay() {
        PageWalkCache cache = filled(false);
        cache.fill(ASID + 1, 0, 1, 7 << 12);
        cache.invalidate(new InvalidationScope.Asid(ASID));
        assertThat(cache.find(ASID, 0)).isZero();
        assertThat(cache.find(ASID + 1, 0)).isEqualTo(1);
        cache.invalidate(new InvalidationScope.All());
        assertThat(cache.find(ASID + 1, 0)).isZero();
    }

    @Test
    void address_dropsWhatItsWalkWouldUse() {
        PageWalkCache cache = filled(true);
        cache.fill(ASID, MIB_2, 1, 8 << 12);
        cache.invalidateAddress(ASID, 0);
        assertThat(cache.find(ASID, 0)).isZero();
        assertThat(cache.find(ASID, MIB_2)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "32",
                "32/4",
                "0/0/2",
                "32/8/4/2",
                "8x4:plru/4",
                "1x4:fifo/2x2:lru",
                "physical:24",
                "physical:1x8:plru"
            })
    void geometry_comesBackAsWritten(String text) {
        assertThat(PageWalkCacheGeometry.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "32/",
                "a",
                "-1",
                "1/2/3/4/5",
                "999999",
                "1x3:plru",
                "0x4:lru",
                "4x:lru",
                "physical:",
                "physical:0",
                "physical:8/8"
            })
    void geometry_refusesTheRest(String text) {
        assertThatThrownBy(() -> PageWalkCacheGeometry.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
