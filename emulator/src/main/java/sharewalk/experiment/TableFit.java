package sharewalk.experiment;

import java.util.LinkedHashMap;
import java.util.Map;

/// The formula that holds for what was measured, and from what size of region on. A design may share other levels of
/// tables in small regions than in large ones; where one formula does not give every figure and one for regions of more
/// than a GiB gives all of theirs, that one is the fit.
///
/// @param beyondBytes the formula holds for regions of more bytes than this: 0, or a GiB
public record TableFit(TableFormula formula, long beyondBytes) {
    private static final long GIB = 1L << 30;
    /// With fewer sizes a formula would always be found.
    private static final int LEAST_POINTS = 4;

    /// Returns the fit for an extrapolation to a size.
    static TableFit of(Map<ScalePoint, Long> measured, ScalePoint target) {
        TableFormula whole = TableFormula.of(measured);
        Map<ScalePoint, Long> large = new LinkedHashMap<>(measured);
        large.keySet().removeIf(point -> point.regionBytes() <= GIB);
        if (isExact(whole, measured) || target.regionBytes() <= GIB || large.size() < LEAST_POINTS) {
            return new TableFit(whole, 0);
        }
        TableFormula beyond = TableFormula.of(large);
        return isExact(beyond, large) ? new TableFit(beyond, GIB) : new TableFit(whole, 0);
    }

    private static boolean isExact(TableFormula formula, Map<ScalePoint, Long> measured) {
        return measured.entrySet().stream().allMatch(each -> formula.residual(each.getKey(), each.getValue()) == 0);
    }

    /// Returns whether the formula is meant for a size.
    public boolean covers(ScalePoint point) {
        return point.regionBytes() > beyondBytes;
    }

    /// Returns the formula, and for what sizes it is meant.
    public String text() {
        return formula.text() + (beyondBytes == 0 ? "" : ", S > 1G");
    }
}
