package sharewalk.mmu.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import sharewalk.mmu.paging.DomainRanges.Domain;

final class DomainRangesTest {
    private static final long GIB = 1L << 30;
    private final DomainRanges domains =
            DomainRanges.of(List.of(new Domain(5 * GIB, 7 * GIB, 50, 0), new Domain(GIB, 2 * GIB, 10, 1)));

    @Test
    void address_hasTheIdOfItsRangeOrTheAsid() {
        assertThat(domains.idOf(GIB - 1, 3)).isEqualTo(3);
        assertThat(domains.idOf(GIB, 3)).isEqualTo(10);
        assertThat(domains.idOf(2 * GIB - 1, 3)).isEqualTo(10);
        assertThat(domains.idOf(2 * GIB, 3)).isEqualTo(3);
        assertThat(domains.idOf(6 * GIB, 3)).isEqualTo(50);
        assertThat(domains.idOf(-4096, 3)).isEqualTo(3);
        assertThat(DomainRanges.NONE.idOf(GIB, 3)).isEqualTo(3);
        assertThat(domains.maxId()).isEqualTo(50);
    }

    @Test
    void block_hasTheIdOnlyIfItLiesInTheRange() {
        assertThat(domains.idOfBlock(5 * GIB, 30, 3)).isEqualTo(50);
        assertThat(domains.idOfBlock(5 * GIB, 31, 3)).isEqualTo(3);
        assertThat(domains.idOfBlock(6 * GIB, 31, 3)).isEqualTo(3);
        assertThat(domains.idOfBlock(6 * GIB, 39, 3)).isEqualTo(3);
    }

    @Test
    void overlappingDomains_areRefused() {
        List<Domain> overlapping = List.of(new Domain(0, GIB, 1, 0), new Domain(GIB - 1, 2 * GIB, 2, 1));
        assertThatThrownBy(() -> DomainRanges.of(overlapping)).isInstanceOf(IllegalArgumentException.class);
    }
}
