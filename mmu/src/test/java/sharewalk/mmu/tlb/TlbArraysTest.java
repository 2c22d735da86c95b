package sharewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.PageSize;

/// Several arrays in one TLB: which page lies where, and in how many pieces.
final class TlbArraysTest {
    private static final int ASID = 5;
    private static final long GIB = 1L << 30;
    private static final long MIB_2 = 2L << 20;
    private static final long FRAMES = 1L << 40;

    private static Tlb tlb(String geometry) {
        return new Tlb(TlbGeometry.parse(geometry), new HartSeed(1, 0), "l1d", QuietPageListener.NONE);
    }

    private static void insert(Tlb tlb, long virtAddr, int pageShift) {
        long tag = TlbTag.of(ASID, virtAddr, pageShift, false);
        tlb.insert(tag, virtAddr, FRAMES + TlbTag.virtAddr(tag), pageShift, Tlb.NO_SLOT);
    }

    private static List<String> entries(Tlb tlb) {
        List<String> entries = new ArrayList<>();
        tlb.forEachEntry((tag, translation) -> entries.add("%s %x %x"
                .formatted(PageSize.ofShift(TlbTag.pageShift(tag)), TlbTag.virtAddr(tag), translation - FRAMES)));
        return entries;
    }

    @Test
    void pagesOfOneSize_evictOnlyEachOther() {
        Tlb tlb = tlb("1x2:fifo@4K+1x1:fifo@2M+1x1:fifo@1G");
        insert(tlb, 0x1000, 12);
        insert(tlb, MIB_2, 21);
        insert(tlb, GIB, 30);
        insert(tlb, 3 * MIB_2, 21);
        insert(tlb, 0x2000, 12);
        assertThat(entries(tlb))
                .containsExactly("4K 1000 1000", "4K 2000 2000", "2M 600000 600000", "1G 40000000 40000000");
    }

    @Test
    void sizesOfOneArray_shareSetsByTheirOwnNumbers() {
        Tlb tlb = tlb("2x1:fifo@4K,2M");
        insert(tlb, 0x1000, 12);
        insert(tlb, 2 * MIB_2, 21);
        assertThat(entries(tlb)).hasSize(2);
        insert(tlb, 3 * MIB_2, 21);
        assertThat(entries(tlb)).containsExactly("2M 400000 400000", "2M 600000 600000");
    }

    @ParameterizedTest
    @CsvSource({
        "4x4:lru@4K, 30, 4K 40601000 40601000",
        "4x4:lru@4K+4x1:fifo@2M, 30, 2M 40600000 40600000",
        "4x4:lru@4K+4x1:fifo@2M, 39, 2M 40600000 40600000",
        "4x4:lru@4K+4x1:fifo@2M, 16, 4K 40601000 40601000",
        "'4x4:lru@4K,64K', 21, 64K 40600000 40600000",
        "4x4:lru, 48, 256T 0 0"
    })
    void pageOfASizeThatNoArrayHolds_isKeptInTheNextSmallerOne(String geometry, int pageShift, String entry) {
        Tlb tlb = tlb(geometry);
        insert(tlb, GIB + 3 * MIB_2 + 0x1000, pageShift);
        assertThat(entries(tlb)).containsExactly(entry);
    }

    @Test
    void invalidatingOneAddress_dropsEveryPieceOfItsPage() {
        Tlb tlb = tlb("4x4:lru@4K+2x2:fifo@2M");
        insert(tlb, GIB, 30);
        insert(tlb, GIB + MIB_2, 30);
        insert(tlb, 2 * GIB, 30);
        insert(tlb, 0x1000, 12);
        tlb.invalidatePage(ASID, GIB + 100 * MIB_2);
        assertThat(entries(tlb)).containsExactly("4K 1000 1000", "2M 80000000 80000000");
        tlb.invalidateRange(ASID, 3 * GIB - 0x1000, 3 * GIB);
        assertThat(entries(tlb)).containsExactly("4K 1000 1000");
    }

    @Test
    void pieceBesideItsPage_isNoConflict() {
        Tlb tlb = tlb("4x4:lru@4K+2x2:fifo@2M");
        long tag = TlbTag.of(ASID, MIB_2 + 0x1000, 12, false);
        tlb.insert(tag, MIB_2 + 0x1000, FRAMES + MIB_2 + 0x1000, 21, Tlb.NO_SLOT);
        insert(tlb, MIB_2, 21);
        assertThat(tlb.sizeConflicts()).isZero();
        insert(tlb, 2 * MIB_2 + 0x5000, 12);
        tlb.insert(TlbTag.of(ASID, 2 * MIB_2, 21, false), 2 * MIB_2, FRAMES, 21, Tlb.NO_SLOT);
        assertThat(tlb.sizeConflicts()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "16x4:lru@4K+8x4:lru@2M, 200000",
        "16x4:lru, 10000",
        "1x16:lru@4K+8x4:lru@2M, 1000",
        "16x4:lru@4K+1x4:lru@1G, 40000000",
        "16x4:lru@4K, 8000000000000000"
    })
    void neighboursShareASet_onlyWhereALargerPageBeginsOrEnds(String geometry, String boundary) {
        assertThat(TlbGeometry.parse(geometry).boundaryOfNeighboursInOneSet())
                .isEqualTo(Long.parseUnsignedLong(boundary, 16));
    }

    @ParameterizedTest
    @CsvSource({"1x1:fifo, true", "16x1:fifo, true", "16x1:fifo@4K, false", "16x2:fifo, false", "1x2:lru, false"})
    void oneOfTwoNeighbours_isHeldWhereTheirSetHasOneWay(String geometry, boolean expected) {
        assertThat(TlbGeometry.parse(geometry).mayHoldOneOfTwoNeighbours()).isEqualTo(expected);
    }
}
