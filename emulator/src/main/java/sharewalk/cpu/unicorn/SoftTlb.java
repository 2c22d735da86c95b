package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.Translation;
import sharewalk.mmu.paging.AccessType;
import unicorn.RawTlbFill;
import unicorn.UnicornConst;

/// The tie between the engine's own translation cache and the modelled data TLB.
///
/// It keeps the rule that makes counts exact without a hook per access: a page has a data right in the engine's cache
/// only while it is quiet in the modelled L1D. Every other data access arrives in [#fill]. When every access is seen by
/// a hook anyway ([AccessHook]), the cache only decides which accesses fault.
final class SoftTlb implements RawTlbFill {
    private static final long REFUSED = -1;

    private final EngineTranslations translations;
    private final ModelledAccesses model;
    private final Mmu mmu;
    private final DataModel data;
    private final TranslatedFrames frames;
    private final FrameAddresses addresses;
    private final boolean everyAccessSeen;
    private @Nullable GrantedPages granted;
    private boolean identity;
    private long faultTranslation;
    private long faultPage;
    private AccessType faultAccess = AccessType.LOAD;

    SoftTlb(
            EngineTranslations translations,
            ModelledAccesses model,
            DataModel data,
            TranslatedFrames frames,
            FrameAddresses addresses,
            boolean everyAccessSeen) {
        this.translations = translations;
        this.model = model;
        this.mmu = model.mmu();
        this.data = data;
        this.frames = frames;
        this.addresses = addresses;
        this.everyAccessSeen = everyAccessSeen;
    }

    @Override
    public long fill(long virtAddr, int accessType) {
        if (identity) {
            return virtAddr | UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_EXEC;
        }
        long answer = answer(virtAddr, accessType);
        if (granted != null && answer != REFUSED) {
            granted.grant(virtAddr, answer);
        }
        return answer;
    }

    private long answer(long virtAddr, int accessType) {
        return switch (accessType) {
            case UnicornConst.UC_MEM_FETCH -> fetch(virtAddr);
            case UnicornConst.UC_MEM_READ -> everyAccessSeen ? observedRead(virtAddr) : read(virtAddr);
            default ->
                everyAccessSeen ? observedWrite(virtAddr) : write(virtAddr, data.access(virtAddr, AccessType.STORE));
        };
    }

    // The modelled L1I is fed at block entry, so a fetch that succeeds leaves no trace here.
    private long fetch(long virtAddr) {
        long translation = mmu.peek(virtAddr, AccessType.FETCH);
        if (translation < 0) {
            return refuse(virtAddr, AccessType.FETCH, model.make(virtAddr, AccessType.FETCH));
        }
        long physAddr = Translation.pageAddress(translation);
        translations.keepWhateverIsQuiet(mmu.peekedShift());
        frames.fetched(physAddr);
        return physAddr | UnicornConst.UC_PROT_EXEC;
    }

    private long read(long virtAddr) {
        AccessType access = data.kindOfRead();
        long translation = data.access(virtAddr, access);
        if (translation < 0) {
            return refuse(virtAddr, access, translation);
        }
        if (access == AccessType.STORE) {
            return write(virtAddr, translation);
        }
        translations.keepWhileQuiet(virtAddr, mmu.answeredShift());
        long physAddr = Translation.pageAddress(translation);
        boolean writable = Translation.grants(translation, Translation.RIGHT_WRITE) && !frames.holdCode(physAddr);
        return physAddr | UnicornConst.UC_PROT_READ | (writable ? UnicornConst.UC_PROT_WRITE : 0);
    }

    private long write(long virtAddr, long translation) {
        if (translation < 0) {
            return refuse(virtAddr, AccessType.STORE, translation);
        }
        translations.keepWhileQuiet(virtAddr, mmu.answeredShift());
        return writable(translation);
    }

    private long writable(long translation) {
        long physAddr = Translation.pageAddress(translation);
        frames.written(physAddr);
        return physAddr | UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE;
    }

    private long observedRead(long virtAddr) {
        long translation = mmu.peek(virtAddr, AccessType.LOAD);
        if (translation < 0) {
            AccessType access = data.kindOfRead();
            return refuse(virtAddr, access, data.access(virtAddr, access));
        }
        translations.keepWhateverIsQuiet(mmu.peekedShift());
        long physAddr = Translation.pageAddress(translation);
        showAt(physAddr, virtAddr);
        return physAddr | UnicornConst.UC_PROT_READ;
    }

    private long observedWrite(long virtAddr) {
        long translation = mmu.peek(virtAddr, AccessType.STORE);
        if (translation < 0) {
            return refuse(virtAddr, AccessType.STORE, data.access(virtAddr, AccessType.STORE));
        }
        translations.keepWhateverIsQuiet(mmu.peekedShift());
        showAt(Translation.pageAddress(translation), virtAddr);
        return writable(translation);
    }

    private void showAt(long physAddr, long virtAddr) {
        long before = addresses.show(physAddr, virtAddr);
        if (before != FrameAddresses.NOWHERE && before != virtAddr) {
            translations.forget(before);
        }
    }

    private long refuse(long page, AccessType access, long translation) {
        faultTranslation = translation;
        faultPage = page;
        faultAccess = access;
        return REFUSED;
    }

    /// Notes from now on what the engine is given.
    void record(GrantedPages pages) {
        granted = pages;
    }

    /// Answers every address with itself while an engine is brought into user mode.
    void setIdentity(boolean on) {
        identity = on;
        translations.forgetAll();
    }

    void clearFault() {
        faultTranslation = 0;
    }

    /// Returns whether an access was refused since the last [#clearFault()].
    boolean faulted() {
        return faultTranslation < 0;
    }

    /// Returns the negative answer of the MMU to the access refused.
    long faultTranslation() {
        return faultTranslation;
    }

    /// Returns the page of the access refused.
    long faultPage() {
        return faultPage;
    }

    AccessType faultAccess() {
        return faultAccess;
    }
}
