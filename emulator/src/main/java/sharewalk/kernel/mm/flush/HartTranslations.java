package sharewalk.kernel.mm.flush;

import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// The translations that one hart remembers, all its caches together.
public interface HartTranslations {
    /// Forgets the translations in a scope, for a reason.
    void invalidate(InvalidationScope scope, FlushCause cause);
}
