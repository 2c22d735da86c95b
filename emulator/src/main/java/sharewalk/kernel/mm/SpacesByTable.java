package sharewalk.kernel.mm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sharewalk.mmu.table.PageTable;

/// The living address spaces of a machine, to be found by their page tables.
final class SpacesByTable {
    private final Map<PageTable, AddressSpace> spaces = new LinkedHashMap<>();

    void add(AddressSpace space) {
        spaces.put(space.table(), space);
    }

    void remove(AddressSpace space) {
        spaces.remove(space.table());
    }

    /// Returns them all, oldest first.
    List<AddressSpace> all() {
        return List.copyOf(spaces.values());
    }

    AddressSpace of(PageTable table) {
        AddressSpace space = spaces.get(table);
        if (space == null) {
            throw new IllegalStateException("no address space has the " + table);
        }
        return space;
    }
}
