package sharewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.mmu.cache.PolicyKind;

final class PteCacheGeometryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"none", "32K/8", "32K/8+1M/16+32M/16:shared", "48K/12:fifo+2M/16:plru:shared", "768/4", "1G/16"})
    void text_comesBackAsWritten(String text) {
        assertThat(PteCacheGeometry.parse(text)).hasToString(text);
    }

    @Test
    void level_hasSetsOf64ByteLines() {
        PteCacheGeometry.Level level =
                PteCacheGeometry.parse("48K/12:fifo").levels().getFirst();
        assertThat(level.sets()).isEqualTo(64);
        assertThat(level.policy()).isEqualTo(PolicyKind.FIFO);
        assertThat(level.shared()).isFalse();
        assertThat(PteCacheGeometry.parse("2048K/16:lru:shared"))
                .isEqualTo(PteCacheGeometry.parse("2M/16:shared"))
                .hasToString("2M/16:shared");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "32K",
                "32K/",
                "32K/0",
                "100/1",
                "32K/8+",
                "32K/8:mru",
                "8K/3:plru",
                "1K/2+1K/2+1K/2+1K/2",
                "32K/8:shared+1M/16",
                "4G/16",
                "-1K/2",
                "32K/8:shared:lru"
            })
    void otherTexts_areRefused(String text) {
        assertThatThrownBy(() -> PteCacheGeometry.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
