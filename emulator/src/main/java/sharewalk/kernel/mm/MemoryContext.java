package sharewalk.kernel.mm;

import java.util.List;
import java.util.Set;
import sharewalk.cpu.CodeFrames;
import sharewalk.kernel.mm.flush.FlushScheme;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.kernel.mm.flush.HartOrders;
import sharewalk.kernel.mm.flush.HartTranslations;
import sharewalk.kernel.mm.flush.TaggedSpace;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.table.TableContext;

/// What all address spaces of one machine have in common.
public final class MemoryContext {
    private final TableContext tables;
    private final CodeFrames code;
    private final KernelRules rules;
    private final boolean hardwareUpdates;
    private final CurrentHart current = new CurrentHart();
    private final Shootdown shootdown;
    private final SharedDomains domains;
    private final PageTableGauges gauges = PageTableGauges.ofMachine();
    private final SpacesByTable spacesByTable = new SpacesByTable();
    private final SwapArea swap;
    private final HugeMemory hugeMemory;
    private final long zeroPfn;
    private TableSharing tableSharing = TableSharing.NONE;
    private long spaces;
    private MapHook mapHook = MapHook.NONE;

    /// Creates the memory management of a machine with the given harts, whose walkers have `features`.
    public MemoryContext(
            TableContext tables,
            FlushSettings flushes,
            Set<PagingFeature> features,
            CodeFrames code,
            List<HartTranslations> harts) {
        this.tables = tables;
        this.code = code;
        this.rules = KernelRules.of(tables.mode());
        this.hardwareUpdates = rules == KernelRules.X86_64 || features.contains(PagingFeature.HARDWARE_UPDATE);
        HartOrders orders = new HartOrders(harts, current);
        FlushScheme scheme = FlushScheme.of(rules.flushes(), flushes, orders);
        this.shootdown = new Shootdown(rules, tables.ledger(), scheme, orders, spacesByTable);
        this.domains = new SharedDomains(flushes, shootdown::retire);
        this.swap = new SwapArea(tables.frames(), current);
        this.hugeMemory = new HugeMemory(tables.frames(), tables.mode(), features, current);
        this.zeroPfn = tables.frames().allocate(FrameUse.DATA);
        if (zeroPfn == FrameAllocator.NO_FRAME) {
            throw new IllegalArgumentException("RAM of %d bytes".formatted(memory().sizeBytes()));
        }
    }

    /// Returns what page tables are made of.
    public TableContext tables() {
        return tables;
    }

    public PagingMode paging() {
        return tables.mode();
    }

    public PhysicalMemory memory() {
        return tables.memory();
    }

    public FrameAllocator frames() {
        return tables.frames();
    }

    /// Returns where pages go that are reclaimed.
    public SwapArea swap() {
        return swap;
    }

    /// Returns the huge pages of the machine.
    public HugeMemory hugeMemory() {
        return hugeMemory;
    }

    public KernelRules rules() {
        return rules;
    }

    /// Returns whether harts set accessed and dirty bits; otherwise a missing one is a fault (RISC-V Svade).
    boolean hardwareUpdates() {
        return hardwareUpdates;
    }

    /// Returns the hart for which the kernel works now.
    public CurrentHart current() {
        return current;
    }

    /// Returns who redeems changes of page tables.
    public Shootdown shootdown() {
        return shootdown;
    }

    /// Returns the ids of what address spaces share.
    SharedDomains domains() {
        return domains;
    }

    /// Gives the design that is put to work its say in mmap(2).
    public void setMapHook(MapHook hook) {
        mapHook = hook;
    }

    MapHook mapHook() {
        return mapHook;
    }

    /// Makes the tables of ordinary areas be shared as a design does it, from now on.
    ///
    /// Preconditions: no address space exists yet.
    public void shareTables(TableSharing sharing) {
        tableSharing = sharing;
    }

    /// Returns how the tables of ordinary areas are shared.
    public TableSharing tableSharing() {
        return tableSharing;
    }

    /// Returns what is known of who remembers a new space.
    TaggedSpace newTaggedSpace() {
        return new TaggedSpace(++spaces);
    }

    /// Returns the page-table bytes of the machine.
    public PageTableGauges gauges() {
        return gauges;
    }

    /// Returns a new account for the pages of a shared subtree that no address space hosts, charged to `label`.
    public TableAccounting accountOfShared(String label) {
        return new SharedTableLedger(gauges, current, label);
    }

    /// Returns the address spaces by their tables.
    SpacesByTable spacesByTable() {
        return spacesByTable;
    }

    /// Makes sure that no hart goes on using code translated from a frame that is about to be written.
    public void aboutToWrite(long pfn) {
        if (frames().table().heldCode(pfn)) {
            code.discard(pfn);
        }
    }

    /// Returns the frame of zeros that reading untouched anonymous memory maps.
    long zeroPfn() {
        return zeroPfn;
    }
}
