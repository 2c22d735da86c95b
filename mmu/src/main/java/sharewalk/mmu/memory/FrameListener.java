package sharewalk.mmu.memory;

/// A listener told when a frame that held code is freed, before it can be handed out again.
public interface FrameListener {
    /// A listener that ignores everything.
    FrameListener NONE = pfn -> {};

    /// Tells that whatever was translated from this frame is now stale.
    void recycled(long pfn);
}
