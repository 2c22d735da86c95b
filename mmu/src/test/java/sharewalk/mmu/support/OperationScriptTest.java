package sharewalk.mmu.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationScriptTest {
    /// Fails once it has seen both 3 and, later, 7.
    private static final class ThreeThenSeven implements OperationScript.Subject<Integer> {
        private final List<Integer> seen = new ArrayList<>();

        @Override
        public void apply(Integer operation) {
            seen.add(operation);
            if (operation == 7 && seen.contains(3)) {
                throw new IllegalStateException("seven after three");
            }
        }

        @Override
        public void finish() {}
    }

    @Test
    void run_shrinksAFailureToWhatMattersAndNamesTheSeed() {
        assertThatThrownBy(() -> OperationScript.run(42, 400, random -> random.nextInt(10), ThreeThenSeven::new))
                .isInstanceOf(AssertionError.class)
                .hasMessage("seed 42: seven after three\nafter 2 operations:\n  3\n  7\n")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void run_isSilentWhenNothingFails() {
        assertThatCode(() -> OperationScript.run(42, 400, random -> random.nextInt(7), ThreeThenSeven::new))
                .doesNotThrowAnyException();
    }
}
