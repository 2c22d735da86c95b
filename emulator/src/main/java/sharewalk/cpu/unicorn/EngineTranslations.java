package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.walk.Rights;
import unicorn.Engine;
import unicorn.EngineTlb;

/// The translations in an engine's own cache, as something pages are dropped from.
///
/// A page that stops being quiet in the modelled L1D loses its data rights here, unless a hook sees every access
/// anyway. The engine knows 4 KiB pages only, so the pieces it has of a larger page are remembered.
///
/// Where the engine's tables are found ([EngineTlb]) the rights to a page are dropped in place. Where its calls can be
/// redirected too ([TouchRedirection]) those of a page still resident are kept aside for [TouchStub] to give back.
final class EngineTranslations implements QuietPageListener {
    private static final long PAGE_BYTES = 4096;
    private static final int PAGE_SHIFT = 12;

    private final Engine engine;
    private final boolean everyAccessSeen;
    private @Nullable GrantedPages granted;
    private final LargePagePieces pieces = new LargePagePieces(this::forget);
    private @Nullable EngineTlb table;
    private @Nullable ResidentPages resident;
    private boolean catchingUp;
    private long hostRam;
    private AddressSpaceRegister space = AddressSpaceRegister.of(0, 0);

    /// Whether there may be pieces of a larger page that no quiet one accounts for.
    private boolean unlisted;

    EngineTranslations(Engine engine, boolean everyAccessSeen) {
        this.engine = engine;
        this.everyAccessSeen = everyAccessSeen;
    }

    /// Drops data rights in place from now on.
    ///
    /// @param host the host address of guest RAM
    void useTable(EngineTlb found, long host) {
        table = found;
        hostRam = host;
    }

    /// Keeps the rights of resident pages aside from now on.
    void keepAside(ResidentPages pages) {
        resident = pages;
    }

    /// Gives data rights to a page in place. Precondition: this engine's tables are used.
    void install(long virtPage, long physPage, boolean writable) {
        if (table != null) {
            table.install(virtPage, physPage, hostAddress(physPage), writable);
        }
    }

    /// Returns the host address of guest RAM.
    long hostAddress(long physAddr) {
        return hostRam + physAddr;
    }

    @Override
    public void noLongerQuiet(int id, long virtAddr, long sizeBytes) {
        if (everyAccessSeen || !isOfThisSpace(id, virtAddr)) {
            return;
        }
        if (sizeBytes == PAGE_BYTES && resident != null) {
            resident.gone(virtAddr);
        } else {
            dropDataRights(virtAddr, sizeBytes);
        }
    }

    @Override
    public void overtaken(int set, int id, long virtAddr, long sizeBytes) {
        if (catchingUp || everyAccessSeen || !isOfThisSpace(id, virtAddr)) {
            return;
        }
        if (sizeBytes == PAGE_BYTES && resident != null) {
            resident.overtaken(set, virtAddr);
        } else {
            dropDataRights(virtAddr, sizeBytes);
        }
    }

    @Override
    public void touchedLast(int set, int id, long virtAddr, long sizeBytes) {
        if (resident != null && !catchingUp) {
            resident.touchedLast(set, virtAddr, sizeBytes != PAGE_BYTES || !isOfThisSpace(id, virtAddr));
        }
    }

    /// Tells the model of the touches of resident pages that machine code has made. Must come before anything that
    /// the order of touches may decide.
    void catchUp(Mmu mmu) {
        if (resident == null || resident.logged() == 0) {
            return;
        }
        catchingUp = true;
        int touches = resident.logged();
        for (int i = 0; i < touches; i++) {
            long translation = mmu.translate(resident.logged(i), AccessType.LOAD);
            assert translation >= 0 : "a resident page is not to be loaded from";
        }
        resident.clearLog();
        catchingUp = false;
    }

    private void dropDataRights(long virtAddr, long sizeBytes) {
        if (sizeBytes == PAGE_BYTES) {
            if (table != null) {
                table.drop(virtAddr);
            } else {
                forget(virtAddr);
            }
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

    /// Returns whether the engine's tables can be read, so that nobody has to remember what data rights are there.
    boolean areReadable() {
        return table != null;
    }

    /// Shows every right that the engine has, or machine code would give it back without asking: data rights from its
    /// own tables where they can be read, the others as recorded.
    void forEachRight(GrantedPages.Visitor visitor) {
        EngineTlb.Visitor data = (virtPage, writable, hostPage) -> visitor.visit(
                virtPage,
                hostPage - hostRam | Rights.USER | Rights.READ | (writable ? Rights.WRITE | Rights.DIRTY : 0));
        if (table != null) {
            table.forEach(data);
        }
        if (resident != null) {
            resident.forEach(data);
        }
        if (granted != null) {
            granted.forEach(visitor);
        }
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
        if (resident != null) {
            resident.forget(virtAddr & -PAGE_BYTES);
        }
    }

    /// Drops everything.
    void forgetAll() {
        if (granted != null) {
            granted.forgetAll();
        }
        pieces.clear();
        unlisted = false;
        if (table != null) {
            table.flush(engine);
        } else {
            int ignored = engine.tlbFlush();
        }
        if (resident != null) {
            resident.forgetAll();
        }
    }

    /// Holds the translations of another address space from now on.
    void switchTo(AddressSpaceRegister next) {
        space = next;
        forgetAll();
        if (resident != null) {
            resident.forgetLastTouched();
        }
    }
}
