package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The address spaces that map a file, in the order in which they began to; a page cache keeps one so that truncation
/// can find every mapping.
public final class ReverseMap {
    private final Map<AddressSpace, Integer> vmas = new LinkedHashMap<>();

    /// Adds a VMA of an address space.
    public void add(AddressSpace space) {
        vmas.merge(space, 1, Integer::sum);
    }

    /// Removes a VMA of an address space.
    public void remove(AddressSpace space) {
        Integer count = vmas.get(space);
        if (count == null) {
            throw new IllegalStateException("no mapping to remove");
        }
        if (count == 1) {
            vmas.remove(space);
        } else {
            vmas.put(space, count - 1);
        }
    }

    /// Returns whether nobody maps the file.
    public boolean isEmpty() {
        return vmas.isEmpty();
    }

    /// Returns the address spaces that map the file, in the order in which they began to.
    public List<AddressSpace> spaces() {
        return new ArrayList<>(vmas.keySet());
    }

    /// Unmaps pages `[firstPage, endPage)` of a file everywhere, so that the next access to one faults.
    public void unmapPages(PageSource source, long firstPage, long endPage, Copies copies) {
        for (AddressSpace space : spaces()) {
            space.unmapPages(source, firstPage, endPage, copies);
        }
    }

    /// Takes a huge page that private mappings have in common from every space but that which was promised it, and from
    /// others that were promised theirs (`unmap_ref_private`).
    void takeBack(HugePages file, long pageIndex, AddressSpace promisedTo) {
        List<AddressSpace> spaces = new ArrayList<>(vmas.keySet());
        for (AddressSpace space : spaces) {
            if (space != promisedTo) {
                space.unmapping().takeBack(file, pageIndex);
            }
        }
    }

    /// Takes the right to write from every entry that maps pages `[firstPage, endPage)` of a file shared.
    public void protectPages(PageSource source, long firstPage, long endPage) {
        new WriteProtection(source, firstPage, endPage).takeFrom(spaces());
    }

    /// What happens to the copies that private mappings made.
    public enum Copies {
        /// They stay: a hole was punched.
        KEPT,
        /// They go too: the file was truncated.
        DROPPED
    }
}
