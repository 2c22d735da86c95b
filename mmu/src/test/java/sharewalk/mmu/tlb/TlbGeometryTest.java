package sharewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.mmu.cache.PolicyKind;

final class TlbGeometryTest {
    @ParameterizedTest
    @ValueSource(strings = {"16x4:fifo", "1x32:plru", "3x5:lru", "1x1:random", "1x72:fifo"})
    void text_comesBackAsWritten(String text) {
        assertThat(TlbGeometry.parse(text)).hasToString(text);
    }

    @Test
    void parse_readsSetsThenWays() {
        assertThat(TlbGeometry.parse("16x4:lru")).isEqualTo(TlbGeometry.of(16, 4, PolicyKind.LRU));
        assertThat(TlbGeometry.parse("16x4:lru").entries()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "16x4",
                "16x4:",
                "16x4:mru",
                "16x4:FIFO",
                "0x4:fifo",
                "4x0:fifo",
                "-1x4:fifo",
                "4x12:plru",
                "4 x4:fifo",
                "1048577x1:fifo",
                "9999999x9999999:lru",
                "99999999x1:lru"
            })
    void parse_refusesInOneSentence(String text) {
        assertThatThrownBy(() -> TlbGeometry.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank()
                .doesNotContain("\n");
    }
}
