package sharewalk.mmu.walk;

import sharewalk.mmu.paging.AccessType;

/// An observer of counted walks. It looks and cannot change anything.
public interface WalkObserver {
    /// Tells of a walk, translated or not. `result` is valid during the call only.
    void walked(int hart, long virtAddr, AccessType access, WalkResult result);
}
