package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.tlb.QuietPageListener;
import unicorn.Engine;

/// The translations in an engine's own cache, as something pages are dropped from.
///
/// A page that stops being quiet in the modelled L1D loses its data rights here, unless a hook sees every access
/// anyway. The engine knows 4 KiB pages only, so the pieces it has of a larger page are remembered.
final class EngineTranslations implements QuietPageListener {
    private static final long PAGE_BYTES = 4096;
    private static final int PAGE_SHIFT = 12;

    private final Engine engine;
    private final boolean everyAccessSeen;
    private @Nullable GrantedPages granted;
    private final LargePagePieces pieces = new LargePagePieces(this::forget);
    private AddressSpaceRegister space = AddressSpaceRegister.of(0, 0);

    /// Whether there may be pieces of a larger page that no quiet one accounts for.
    private boolean unlisted;

    EngineTranslations(Engine engine, boolean everyAccessSeen) {
        this.engine = engine;
        this.everyAccessSeen = everyAccessSeen;
    }

    @Override
    public void noLongerQuiet(int id, long virtAddr, long sizeBytes) {
        if (everyAccessSeen || !isOfThisSpace(id, virtAddr)) {
            return;
        }
        if (sizeBytes == PAGE_BYTES) {
            forget(virtAddr);
        } else if (!pieces.drop(virtAddr, Long.numberOfTrailingZeros(sizeBytes))) {
            forgetAll();
        }
    }

    private boolean isOfThisSpace(int id, long virtAddr) {
        return id == ANY_ASID || id == space.idOf(virtAddr);
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

    /// Notes that the engine gets data rights for the 4 KiB around an address, to be dropped when the page of
    /// `1 << pageShift` bytes around it stops being quiet.
    void keepWhileQuiet(long virtAddr, int pageShift) {
        if (pageShift != PAGE_SHIFT && !pieces.add(virtAddr & -PAGE_BYTES, pageShift)) {
            forgetAll();
            boolean ignored = pieces.add(virtAddr & -PAGE_BYTES, pageShift);
        }
    }

    /// Notes that the engine gets a right for 4 KiB of a page of `1 << pageShift` bytes which no quiet page accounts
    /// for.
    void keepWhateverIsQuiet(int pageShift) {
        unlisted |= pageShift != PAGE_SHIFT;
    }

    /// Drops what the engine has of the page, however large, around an address that the model has just forgotten.
    void forgetTranslation(int id, long virtAddr) {
        if (isOfThisSpace(id, virtAddr)) {
            if (unlisted) {
                forgetAll();
            } else {
                forget(virtAddr);
            }
        }
    }

    /// Drops 4 KiB.
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
        pieces.clear();
        unlisted = false;
        int ignored = engine.tlbFlush();
    }

    /// Holds the translations of another address space from now on.
    void switchTo(AddressSpaceRegister next) {
        space = next;
        forgetAll();
    }
}
