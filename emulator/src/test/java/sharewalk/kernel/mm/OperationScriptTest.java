package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.Designs;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.mmu.paging.PagingMode;

/// Random scripts against a naive model, under the designs that share tables of ordinary areas too; a failure names the
/// seed and the shortest script found that still fails.
class OperationScriptTest {
    private static final List<String> DESIGNS = List.of("private", "fork-cow", "fork-cow:on-demand");
    private static final int SEEDS = 20;
    private static final int STEPS = 120;

    static Stream<Arguments> machines() {
        return DESIGNS.stream()
                .flatMap(design -> Arrays.stream(PagingMode.values()).map(mode -> Arguments.of(design, mode)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void scripts_leaveMemoryAsTheModelSays(String design, PagingMode mode) {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomScript.run(seed, STEPS, script -> failure(design, mode, script));
        }
        assertThat(RandomScript.script(1, STEPS)).isNotEqualTo(RandomScript.script(2, STEPS));
    }

    private static Function<MemoryContext, TableSharing> sharing(String design) {
        return Designs.named(design).orElseThrow() instanceof InstallableDesign installable
                ? memory -> installable.install(memory, nobody()).tableSharing()
                : _ -> TableSharing.NONE;
    }

    @SuppressWarnings("NullAway")
    private static CallingTask nobody() {
        return null;
    }

    private static @Nullable String failure(String design, PagingMode mode, List<Long> script) {
        ModelledMachine machine = new ModelledMachine(mode, sharing(design));
        try {
            for (long step : script) {
                machine.step(step);
            }
            machine.end();
            return null;
        } catch (AssertionError | RuntimeException e) {
            return machine.lastStep() + ": " + e;
        }
    }
}
