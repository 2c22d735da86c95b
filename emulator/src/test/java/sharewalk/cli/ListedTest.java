package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Lists with commas between.
final class ListedTest {
    @Test
    void whatIsNamedTwice_isMeantOnce() {
        assertThat(Listed.once("--sharers", "number", List.of(8, 1, 8, 1))).containsExactly(8, 1);
        assertThat(DesignOptions.texts(List.of("private", "all", "private"))).doesNotHaveDuplicates();
    }

    @Test
    void listOfNothing_isRefused() {
        assertThatThrownBy(() -> Listed.once("--sharers", "number", List.of()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("--sharers names no number.");
    }
}
