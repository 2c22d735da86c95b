package sharewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.PageSize;

/// Who is told what when, one event at a time.
final class TlbTest {
    private static final int ASID = 5;
    private static final long FRAMES = 1L << 40;

    private final List<String> told = new ArrayList<>();

    private final QuietPageListener listener = new QuietPageListener() {
        @Override
        public void noLongerQuiet(int asid, long virtAddr, long sizeBytes) {
            told.add("%d:%x+%x".formatted(asid, virtAddr, sizeBytes));
        }

        @Override
        public void overtaken(int set, int asid, long virtAddr, long sizeBytes) {
            told.add("set %d: %x overtaken".formatted(set, virtAddr));
        }

        @Override
        public void touchedLast(int set, int asid, long virtAddr, long sizeBytes) {
            told.add("set %d: %x".formatted(set, virtAddr));
        }

        @Override
        public void allNoLongerQuiet() {
            told.add("all");
        }
    };

    private Tlb tlb(String geometry) {
        return new Tlb(TlbGeometry.parse(geometry), new HartSeed(1, 0), "l1d", listener);
    }

    private static void fill(Tlb tlb, long... pages) {
        for (long page : pages) {
            insert(tlb, page << 12, 12, false);
        }
    }

    private static void insert(Tlb tlb, long virtAddr, int pageShift, boolean global) {
        long tag = TlbTag.of(ASID, virtAddr, pageShift, global);
        tlb.insert(tag, virtAddr, FRAMES + TlbTag.virtAddr(tag), pageShift, Tlb.NO_SLOT);
    }

    private static int find(Tlb tlb, long page) {
        return tlb.find(ASID, page << 12);
    }

    private void assertTold(String... expected) {
        assertThat(told).containsExactly(expected);
        told.clear();
    }

    @Test
    void fifo_tellsOfEvictionsOnly() {
        Tlb tlb = tlb("1x2:fifo");
        fill(tlb, 1, 2);
        tlb.touch(find(tlb, 1));
        assertTold();
        fill(tlb, 3);
        assertTold("5:1000+1000");
        tlb.invalidatePage(ASID, 0x2000);
        assertTold("5:2000+1000");
        tlb.invalidatePage(ASID, 0x2000);
        assertTold();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x2:lru", "2x2:plru"})
    void lruAndPlru_tellOfTheLastTouchedOfEachSet_andOfEveryEviction(String geometry) {
        Tlb tlb = tlb(geometry);
        fill(tlb, 2);
        assertTold("set 0: 2000");
        fill(tlb, 4);
        assertTold("set 0: 2000 overtaken", "set 0: 4000");
        fill(tlb, 3);
        assertTold("set 1: 3000");
        tlb.touch(find(tlb, 4));
        assertTold();
        tlb.touch(find(tlb, 2));
        assertTold("set 0: 4000 overtaken", "set 0: 2000");
        fill(tlb, 6);
        assertTold("5:4000+1000", "set 0: 2000 overtaken", "set 0: 6000");
        assertThat(find(tlb, 4)).isNegative();
        assertThat(find(tlb, 2)).isNotNegative();
        tlb.invalidatePage(ASID, 0x2000);
        assertTold("5:2000+1000");
        tlb.invalidatePage(ASID, 0x6000);
        assertTold("5:6000+1000");
    }

    @Test
    void oneWay_evictionOfTheLastTouchedPageIsToldOnce() {
        Tlb tlb = tlb("1x1:lru");
        fill(tlb, 1, 2);
        assertTold("set 0: 1000", "5:1000+1000", "set 0: 2000");
    }

    @Test
    void superpage_isToldWithItsSize() {
        Tlb tlb = tlb("1x4:fifo");
        insert(tlb, 0x4123_4567L, 21, false);
        assertThat(tlb.find(ASID, 0x4120_0000L))
                .isEqualTo(tlb.find(ASID, 0x413F_FFFFL))
                .isNotNegative();
        assertThat(tlb.find(ASID, 0x4140_0000L)).isNegative();
        assertThat(tlb.find(ASID + 1, 0x4120_0000L)).isNegative();
        tlb.invalidatePage(ASID, 0x4130_0000L);
        assertTold("5:41200000+200000");
    }

    @Test
    void global_isFoundByEveryAsidAndToldAsAny() {
        Tlb tlb = tlb("1x2:fifo");
        insert(tlb, 0x1000, 12, true);
        assertThat(tlb.find(77, 0x1000)).isNotNegative();
        tlb.invalidateAsid(ASID);
        tlb.invalidateRange(ASID, 0, 1L << 40);
        assertTold();
        fill(tlb, 2, 3);
        assertTold("-1:1000+1000");
    }

    @Test
    void wholesaleInvalidation_isToldAtOnce() {
        Tlb tlb = tlb("1x4:fifo");
        fill(tlb, 1, 2);
        tlb.invalidateAsid(ASID + 1);
        assertTold();
        tlb.invalidateAsid(ASID);
        assertTold("all");
        fill(tlb, 3);
        tlb.flush();
        assertTold("all");
        assertThat(find(tlb, 3)).isNegative();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100})
    void range_isHalfOpenWhetherShortOrLong(int pages) {
        Tlb tlb = tlb("1x8:fifo");
        fill(tlb, 9, 10, 9 + pages, 10 + pages);
        tlb.invalidateRange(ASID, 10 << 12, (10L + pages) << 12);
        assertThat(find(tlb, 9)).isNotNegative();
        assertThat(find(tlb, 10)).isNegative();
        assertThat(find(tlb, 9 + pages)).isNegative();
        assertThat(find(tlb, 10 + pages)).isNotNegative();
    }

    @Test
    void tag_keepsAddressSpacePageLevelAndScope() {
        for (long virtAddr : new long[] {0, 0x7FFF_FFFF_F000L, -4096, -1L << 47, 0x40_0000_0000L, -1L << 56}) {
            for (PageSize size : PageSize.values()) {
                long tag = TlbTag.of(TlbTag.MAX_ASID, virtAddr, size.shift(), false);
                assertThat(tag).isNotNegative();
                assertThat(TlbTag.virtAddr(tag)).isEqualTo(virtAddr & -size.bytes());
                assertThat(TlbTag.asid(tag)).isEqualTo(TlbTag.MAX_ASID);
                assertThat(TlbTag.pageShift(tag)).isEqualTo(size.shift());
                long global = TlbTag.of(3, virtAddr, size.shift(), true);
                assertThat(global).isNotEqualTo(tag).isNotNegative();
                assertThat(TlbTag.isGlobal(global)).isTrue();
                assertThat(TlbTag.pageShift(global)).isEqualTo(size.shift());
            }
        }
    }
}
