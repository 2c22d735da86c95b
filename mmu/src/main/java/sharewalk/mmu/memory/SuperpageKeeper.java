package sharewalk.mmu.memory;

/// The keeper of superpages that are not free when nobody uses them ([FrameUse#KEPT]).
public interface SuperpageKeeper {
    /// Tells that the last reference to a superpage is gone. It stays the keeper's until it is reused or dissolved.
    void unused(long head, int level);
}
