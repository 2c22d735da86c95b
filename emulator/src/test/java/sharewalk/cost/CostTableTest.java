package sharewalk.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CostTableTest {
    private static final CostTable REFERENCE = ReferenceCosts.X86_64;

    @Test
    void costs_ascendAndHaveASource() {
        assertThatThrownBy(() -> Cost.of(2, 1, 3, "a book")).hasMessageContaining("2, 1, 3");
        assertThatThrownBy(() -> Cost.of(-1, 1, 3, "a book")).hasMessageContaining("-1, 1, 3");
        assertThatThrownBy(() -> Cost.of(1, 2, 3, " ")).hasMessageContaining("no source");
    }

    @Test
    void table_wantsAPriceForEachOperation() {
        Map<Primitive, Cost> costs = new EnumMap<>(REFERENCE.costs());
        var _ = costs.remove(Primitive.PTE_WRITE);
        assertThatThrownBy(() -> new CostTable("m", 1, "s", costs)).hasMessageContaining("pteWrite");
    }

    @Test
    void entries_costNoLessFartherAway() {
        Map<Primitive, Cost> near = Map.of(Primitive.WALK_STEP_L3, Cost.of(1, 2, 3, "a book"));
        assertThatThrownBy(() -> REFERENCE.with("m", 1, "s", near))
                .hasMessageContaining("walkStepL2 costs more than walkStepL3");
    }

    @Test
    void overrides_replaceSinglePrices() {
        Cost mine = Cost.of(1, 2, 3, "measured");
        CostTable table = REFERENCE.with("m", 1000, "s", Map.of(Primitive.SYSCALL_ENTRY, mine));
        assertThat(table.cost(Primitive.SYSCALL_ENTRY)).isEqualTo(mine);
        assertThat(table.cost(Primitive.FAULT_ENTRY)).isEqualTo(REFERENCE.cost(Primitive.FAULT_ENTRY));
        assertThat(table.machine()).isEqualTo("m");
    }
}
