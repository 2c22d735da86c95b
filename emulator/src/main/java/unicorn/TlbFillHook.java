package unicorn;

import org.jspecify.annotations.Nullable;

/// A miss in the engine's TLB, with the TLB mode `UC_TLB_VIRTUAL`.
@FunctionalInterface
public interface TlbFillHook extends Hook {
    /// Returns the physical page address with the rights (`UC_PROT_*`) in the low three bits, or -1 to refuse.
    ///
    /// @param type `UC_MEM_READ`, `UC_MEM_WRITE` or `UC_MEM_FETCH`
    long hook(Unicorn u, long vaddr, int type, @Nullable Object user);
}
