package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The formula of page-table bytes found from sizes that were measured.
final class TableFormulaTest {
    private static final List<ScalePoint> LIVE =
            List.of("10x64M", "10x1024M", "10x1088M", "100x256M", "1500x64M").stream()
                    .map(ScalePoint::parse)
                    .toList();
    private static final ScalePoint ORACLE = ScalePoint.parse("1500x300G");

    @Test
    void tablesOfTheirOwn_areOneLeafForEach2MiBAndProcess() {
        TableFormula formula = formulaOf(point -> point.processes() * (point.blocks() + gibs(point) + 1));

        assertThat(formula.text()).isEqualTo("4096 x N x (S/2M + ceil(S/1G) + 1)");
        assertThat(formula.bytes(ORACLE)).isEqualTo(1500L * 4096 * (153_600 + 300 + 1));
    }

    @Test
    void leafEntriesAtOracle_areTheFigureOfTheCoverLetter() {
        TableFormula leaves = formulaOf(point -> point.processes() * point.blocks());

        assertThat(leaves.bytes(ORACLE)).isEqualTo(1500L * (300L << 30) / 4096 * 8);
        assertThat(leaves.bytes(ORACLE) >> 30).isEqualTo(878);
    }

    @Test
    void sharedTables_areThereOnce() {
        TableFormula formula = formulaOf(point -> point.blocks() + gibs(point) + 2);

        assertThat(formula.text()).isEqualTo("4096 x (S/2M + ceil(S/1G) + 2)");
    }

    @Test
    void sharedLeaves_leaveUpperTablesToEachProcess() {
        TableFormula formula =
                formulaOf(point -> point.processes() * (gibs(point) + 1L) + point.blocks() + gibs(point) + 2);

        assertThat(formula.text()).isEqualTo("4096 x (N x (ceil(S/1G) + 1) + S/2M + ceil(S/1G) + 2)");
    }

    @Test
    void wholeGibsShared_leaveTheRestToEachProcess() {
        TableFormula formula =
                formulaOf(point -> point.processes() * (gibs(point) - point.blocks() / 512 + 1) + point.blocks() / 512);

        assertThat(formula.text()).isEqualTo("4096 x (N x ((S mod 1G > 0) + 1) + floor(S/1G))");
        assertThat(formula.bytes(ORACLE)).isEqualTo(4096 * (1500 + 300));
    }

    @Test
    void whatNoFormulaGives_isLeftAsResidual() {
        Map<ScalePoint, Long> measured = new LinkedHashMap<>();
        LIVE.forEach(point -> measured.put(point, leaves(point)));
        measured.put(LIVE.getLast(), leaves(LIVE.getLast()) + 100);
        TableFormula formula = TableFormula.of(measured);

        assertThat(formula.text()).isEqualTo("4096 x N x (S/2M)");
        assertThat(formula.residual(LIVE.getFirst(), leaves(LIVE.getFirst()))).isZero();
        assertThat(formula.residual(LIVE.getLast(), leaves(LIVE.getLast()) + 100))
                .isEqualTo(100);
    }

    private static long leaves(ScalePoint point) {
        return 4096L * point.processes() * point.blocks();
    }

    @Test
    void designThatSharesOtherTablesInLargeRegions_isFitForThose() {
        Map<ScalePoint, Long> measured = new LinkedHashMap<>();
        for (String text : List.of("10x64M", "10x1G", "10x1088M", "10x2G", "10x2112M", "100x1088M", "1500x64M")) {
            ScalePoint point = ScalePoint.parse(text);
            long small = point.processes() + point.blocks() + 3;
            measured.put(point, 4096 * (point.regionBytes() <= 1L << 30 ? small : point.blocks() + gibs(point) + 2));
        }
        TableFit fit = TableFit.of(measured, ORACLE);

        assertThat(fit.text()).isEqualTo("4096 x (S/2M + ceil(S/1G) + 2), S > 1G");
        assertThat(fit.covers(ScalePoint.parse("10x1G"))).isFalse();
        assertThat(fit.covers(ORACLE)).isTrue();
        assertThat(TableFit.of(measured, ScalePoint.parse("5x512M")).beyondBytes())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "4x", "0x2M", "4x3M", "4x1K", "x2M", "99999999x2M", "4x2m"})
    void nonsense_isNoPoint(String text) {
        assertThatThrownBy(() -> ScalePoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void points_areWrittenAsTheyAreRead() {
        assertThat(List.of("10x64M", "10x1088M", "1500x300G", "2x3T"))
                .allSatisfy(text -> assertThat(ScalePoint.parse(text)).hasToString(text));
        assertThat(ScalePoint.parse("10x1024M")).hasToString("10x1G");
    }

    private static long gibs(ScalePoint point) {
        return (point.blocks() + 511) / 512;
    }

    private static TableFormula formulaOf(ToLongFunction<ScalePoint> tablePages) {
        Map<ScalePoint, Long> measured = new LinkedHashMap<>();
        LIVE.forEach(point -> measured.put(point, 4096 * tablePages.applyAsLong(point)));
        TableFormula formula = TableFormula.of(measured);
        measured.forEach(
                (point, bytes) -> assertThat(formula.residual(point, bytes)).isZero());
        return formula;
    }
}
