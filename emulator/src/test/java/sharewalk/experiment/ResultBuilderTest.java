package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResultBuilderTest {
    @Test
    void twoSizesForOneAddress_areAWarning_andNoneAreNone() {
        assertThat(ResultBuilder.sizeConflicts(0)).isEmpty();
        assertThat(ResultBuilder.sizeConflicts(2))
                .hasValueSatisfying(warning -> assertThat(warning).startsWith("2 times a TLB"));
    }
}
