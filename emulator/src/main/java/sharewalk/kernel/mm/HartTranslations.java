package sharewalk.kernel.mm;

import sharewalk.mmu.paging.InvalidationScope;

/// The translations that one hart remembers, all its caches together.
public interface HartTranslations {
    /// Forgets the translations in a scope.
    void invalidate(InvalidationScope scope);
}
