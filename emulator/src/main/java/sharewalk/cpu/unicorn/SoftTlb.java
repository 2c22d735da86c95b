package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.Translation;
import sharewalk.mmu.paging.AccessType;
import unicorn.RawDirectFill;
import unicorn.RawTlbFill;
import unicorn.UnicornConst;

/// The tie between the engine's own translation cache and the modelled data TLB.
///
/// It keeps the rule that makes counts exact without a hook per access: a page has a data right in the engine's cache
/// only while it is quiet in the modelled L1D. Every other data access arrives in [#fill]. When every access is seen by
/// a hook anyway ([AccessHook]), the cache only decides which accesses fault.
final class SoftTlb implements RawTlbFill, RawDirectFill {
    private static final long REFUSED = -1;
    private static final long DATA_RIGHTS = UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE;

    /// No page: page addresses end in zeros.
    private static final long NOTHING_AHEAD = -1;

    private final EngineTranslations translations;
    private final ModelledAccesses model;
    private final Mmu mmu;
    private final DataModel data;
    private final TranslatedFrames frames;
    private final FrameAddresses addresses;
    private final boolean everyAccessSeen;
    private @Nullable GrantedPages granted;
    private boolean oneFrame;
    private boolean pcWanted;
    private long aheadPage = NOTHING_AHEAD;
    private AccessType aheadAccess = AccessType.LOAD;
    private long aheadTranslation;
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
        if (oneFrame) {
            return UnicornConst.UC_PROT_ALL;
        }
        long answer = answer(virtAddr, accessType);
        if (granted != null && answer != REFUSED) {
            granted.grant(virtAddr, translations.areReadable() ? answer & ~DATA_RIGHTS : answer);
        }
        return answer;
    }

    private long answer(long virtAddr, int accessType) {
        return switch (accessType) {
            case UnicornConst.UC_MEM_FETCH -> fetch(virtAddr);
            case UnicornConst.UC_MEM_READ -> everyAccessSeen ? observedRead(virtAddr) : read(virtAddr);
            default -> everyAccessSeen ? observedWrite(virtAddr) : write(virtAddr);
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

    /// Makes an access in the model before the engine looks for a translation, and gives the engine one.
    ///
    /// What needs the program counter is left to [#fill]: reads that may belong to a read-modify-write never
    /// come here, a page that an access may have crossed into is not answered, and nothing is while somebody is
    /// shown the walks. Where the access is made but the engine has to know more, its question is answered from
    /// memory.
    @Override
    public long hostPage(long virtPage, long store) {
        if (pcWanted) {
            return REFUSED;
        }
        translations.catchUp(mmu);
        if (data.mayNeedInstruction(virtPage)) {
            return REFUSED;
        }
        AccessType access = store == 0 ? AccessType.LOAD : AccessType.STORE;
        long translation = model.make(virtPage, access);
        if (translation >= 0) {
            long physAddr = Translation.pageAddress(translation);
            boolean holdsCode = frames.holdCode(physAddr);
            boolean writable = !holdsCode && Translation.grants(translation, Translation.RIGHT_WRITE);
            boolean plain = !holdsCode || access == AccessType.LOAD;
            if (plain) {
                translations.keepWhileQuiet(virtPage, mmu.answeredShift());
                translations.install(virtPage, physAddr, writable);
                return translations.hostAddress(physAddr);
            }
        }
        aheadPage = virtPage;
        aheadAccess = access;
        aheadTranslation = translation;
        return REFUSED;
    }

    private long access(long virtAddr, AccessType access) {
        if (aheadPage == virtAddr && aheadAccess == access) {
            aheadPage = NOTHING_AHEAD;
            return aheadTranslation;
        }
        translations.catchUp(mmu);
        return data.access(virtAddr, access);
    }

    private long read(long virtAddr) {
        AccessType access = data.kindOfRead();
        long translation = access(virtAddr, access);
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

    private long write(long virtAddr) {
        return write(virtAddr, access(virtAddr, AccessType.STORE));
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

    /// Lets every page be frame 0 while an engine is brought into user mode.
    void setOneFrame(boolean on) {
        oneFrame = on;
        translations.forgetAll();
    }

    /// Keeps the program counter up to date in every access from now on.
    void wantPc() {
        pcWanted = true;
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
