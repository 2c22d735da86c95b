package sharewalk.mmu.paging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PagingModeTest {
    @ParameterizedTest
    @CsvSource({
        "SV39, 3, 39, 0x4000000000",
        "SV48, 4, 48, 0x800000000000",
        "SV57, 5, 57, 0x100000000000000",
        "X86_64_4LEVEL, 4, 48, 0x800000000000",
        "X86_64_5LEVEL, 5, 57, 0x100000000000000"
    })
    void geometry_followsFromTheLevels(PagingMode mode, int levels, int bits, String userEnd) {
        assertThat(mode.levels()).isEqualTo(levels);
        assertThat(mode.virtAddrBits()).isEqualTo(bits);
        assertThat(mode.userEnd()).isEqualTo(Long.decode(userEnd));
        assertThat(mode.coverageBytes(0)).isEqualTo(4096);
        assertThat(mode.coverageBytes(1)).isEqualTo(2 << 20);
        assertThat(mode.tableCoverageBytes(mode.rootLevel())).isEqualTo(1L << bits);
    }

    @ParameterizedTest
    @EnumSource
    void index_takesNineBitsPerLevel(PagingMode mode) {
        long virtAddr = 0;
        for (int level = 0; level < mode.levels(); level++) {
            virtAddr |= (100L + level) << (12 + 9 * level);
        }
        for (int level = 0; level < mode.levels(); level++) {
            assertThat(mode.index(virtAddr | 0xfff, level)).isEqualTo(100 + level);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isCanonical_wantsTheHighBitsAllEqual(PagingMode mode) {
        assertThat(mode.isCanonical(mode.userEnd() - 1)).isTrue();
        assertThat(mode.isCanonical(mode.userEnd())).isFalse();
        assertThat(mode.isCanonical(-mode.userEnd())).isTrue();
        assertThat(mode.isCanonical(-mode.userEnd() - 1)).isFalse();
        assertThat(mode.isCanonical(Long.MIN_VALUE)).isFalse();
    }
}
