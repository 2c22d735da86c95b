package sharewalk.mmu.table;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.OperationScript;

/// Random operations on tables that share subtrees, against [TableModel]. `-Dscript.seed=n` runs one script.
class TableScriptTest {
    private static final int SCRIPTS = 40;
    private static final int LENGTH = 120;

    /// RAM for everything, and RAM that is used up now and then.
    private static final int[] RAM_FRAMES = {512, 40};

    @ParameterizedTest
    @EnumSource
    void tablesAgreeWithTheModel(PagingMode mode) {
        Long only = Long.getLong("script.seed");
        if (only != null) {
            run(mode, only);
            return;
        }
        for (long seed = 0; seed < SCRIPTS; seed++) {
            run(mode, seed);
        }
    }

    private static void run(PagingMode mode, long seed) {
        int subtreeLevel = (int) (seed & 1);
        int ramFrames = RAM_FRAMES[(int) (seed >> 1 & 1)];
        OperationScript.run(
                seed, LENGTH, TableOperation::random, () -> new TableScriptSubject(mode, subtreeLevel, ramFrames));
    }
}
