package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.tlb.QuietPageListener;
import unicorn.Engine;

/// The translations in an engine's own cache, as something pages are dropped from.
///
/// A page that stops being quiet in the modelled L1D loses its data rights here, unless a hook sees every access
/// anyway.
final class EngineTranslations implements QuietPageListener {
    private static final long PAGE_BYTES = 4096;

    private final Engine engine;
    private final boolean everyAccessSeen;
    private @Nullable GrantedPages granted;
    private int asid;

    EngineTranslations(Engine engine, boolean everyAccessSeen) {
        this.engine = engine;
        this.everyAccessSeen = everyAccessSeen;
    }

    @Override
    public void noLongerQuiet(int ofAsid, long virtAddr, long sizeBytes) {
        if (everyAccessSeen || (ofAsid != asid && ofAsid != ANY_ASID)) {
            return;
        }
        if (sizeBytes > PAGE_BYTES) {
            forgetAll();
        } else {
            forget(virtAddr);
        }
    }

    @Override
    public void allNoLongerQuiet() {
        forgetAll();
    }

    /// Notes from now on what the engine is told to forget.
    void record(GrantedPages pages) {
        granted = pages;
        forgetAll();
    }

    /// Drops one page.
    void forget(long virtAddr) {
        if (granted != null) {
            granted.forget(virtAddr);
        }
        engine.tlbFlushPage(virtAddr);
    }

    /// Drops everything.
    void forgetAll() {
        if (granted != null) {
            granted.forgetAll();
        }
        int ignored = engine.tlbFlush();
    }

    /// Holds the translations of another address space from now on.
    void switchTo(int nextAsid) {
        asid = nextAsid;
        forgetAll();
    }
}
