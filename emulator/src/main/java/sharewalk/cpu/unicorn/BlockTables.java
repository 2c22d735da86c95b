package sharewalk.cpu.unicorn;

import java.util.Map;
import java.util.WeakHashMap;
import sharewalk.cpu.CodeImage;

/// The block tables of a machine, one for each executable content.
final class BlockTables {
    private final Map<CodeImage, BlockTable> byImage = new WeakHashMap<>();

    /// Returns the table of an executable content.
    BlockTable of(CodeImage image) {
        return byImage.computeIfAbsent(image, _ -> new BlockTable());
    }

    /// Forgets every block: some code has changed, and a table does not know which frames its blocks lie in.
    void clear() {
        for (BlockTable table : byImage.values()) {
            table.clear();
        }
    }
}
