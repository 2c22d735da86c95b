package sharewalk.kernel.mm;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The growth of a stack when an address below it is touched (`expand_stack`).
final class StackGrowth {
    private final AddressSpace space;

    StackGrowth(AddressSpace space) {
        this.space = space;
    }

    /// Returns the stack that contains `virtAddr` after it has grown, or null when none may grow that far.
    @Nullable
    Vma grow(long virtAddr) {
        long page = virtAddr & -PAGE_BYTES;
        Vma stack = page < space.layout().lowest() ? null : space.vmas().startingAtOrAbove(page);
        if (stack == null || !stack.has(VmaTraits.GROWS_DOWN) || stack.end() - page > Layout.STACK_LIMIT) {
            return null;
        }
        Vma below = space.vmas().startingBelow(page);
        if (below != null
                && !below.has(VmaTraits.GROWS_DOWN)
                && below.prot() != 0
                && page - below.end() < Layout.STACK_GUARD_GAP) {
            return null;
        }
        Vma grown = stack.over(page, stack.end());
        space.vmas().replace(List.of(stack), List.of(grown));
        return grown;
    }
}
