package sharewalk.elf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names of the functions and objects of a program, looked up by address.
public final class SymbolTable {
    /// A table without names.
    public static final SymbolTable EMPTY = new SymbolTable(List.of());

    private final Symbol[] byAddress;
    private final long[] starts;

    /// A name at an address; a size of 0 reaches to the next name.
    record Symbol(long virtAddr, long sizeBytes, String name, boolean global) {}

    /// Where an address lies: `offset` bytes behind the start of `name`.
    public record Position(String name, long offset) {
        @Override
        public String toString() {
            return offset == 0 ? name : name + "+0x" + Long.toHexString(offset);
        }
    }

    SymbolTable(List<Symbol> symbols) {
        List<Symbol> sorted = new ArrayList<>(symbols);
        sorted.sort(Comparator.comparingLong(Symbol::virtAddr)
                .thenComparing(Symbol::global)
                .thenComparing(Symbol::name, Comparator.reverseOrder()));
        byAddress = sorted.toArray(new Symbol[0]);
        starts = Arrays.stream(byAddress).mapToLong(Symbol::virtAddr).toArray();
    }

    /// Returns where an address lies, or null where no name covers it; of several names at one address a global one.
    public @Nullable Position at(long virtAddr) {
        int index = lastAtOrBelow(virtAddr);
        if (index < 0) {
            return null;
        }
        Symbol symbol = byAddress[index];
        long offset = virtAddr - symbol.virtAddr();
        if (symbol.sizeBytes() != 0 && offset >= symbol.sizeBytes()) {
            return null;
        }
        return new Position(symbol.name(), offset);
    }

    private int lastAtOrBelow(long virtAddr) {
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(starts[middle], virtAddr) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
