package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.CodeImage;
import sharewalk.kernel.mm.flush.TaggedSpace;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;

/// The memory of one process, or of a region that several share: VMAs, the page table that caches them, and what Linux
/// keeps beside.
///
/// System calls return 0 or an address, or a negative error number. Each may be called at any time no hart runs; when
/// it returns, every change it made to page tables is redeemed.
public final class AddressSpace {
    private final MemoryContext context;
    private Layout layout;
    private final FlushReach reach;
    private final PageTableGauges gauges;
    private final PageTable table;
    private final VmaSet vmas;
    private final @Nullable RegionSlots slots;
    private final TaggedSpace tagged;
    private final SpaceDomains domains;
    private final Placement placement = new Placement(this);
    private final MapOperation mapOperation = new MapOperation(this);
    private final UnmapOperation unmapOperation = new UnmapOperation(this);
    private final ProtectOperation protectOperation = new ProtectOperation(this);
    private final RemapOperation remapOperation = new RemapOperation(this);
    private final AdviseOperation adviseOperation = new AdviseOperation(this);
    private final LockOperation lockOperation = new LockOperation(this);
    private final Residency residency;
    private final PageFaultHandler faultHandler = new PageFaultHandler(this);
    private final Population population = new Population(this);
    private final Heap heap = new Heap(this);
    private final UserMemory user = new UserMemory(this);
    private final HugeReservations hugeReservations = new HugeReservations();
    private final Superpages superpages;
    private CodeImage codeImage = new CodeImage();
    private int references = 1;
    private boolean ranOutOfMemory;

    /// What makes a space a region: whom its table pages are reported under, and the level of those that others attach.
    private record RegionTables(String name, int sharedLevel) {}

    private AddressSpace(MemoryContext context, Layout layout, FlushReach reach, @Nullable RegionTables region) {
        this.context = context;
        this.layout = layout;
        this.reach = reach;
        this.gauges = context.gauges().ofSpace();
        this.tagged = context.newTaggedSpace();
        this.domains = new SpaceDomains(context.domains());
        this.vmas = new VmaSet(new MappedThings(this));
        this.superpages = new Superpages(this);
        PagingMode mode = context.paging();
        this.table = PageTable.create(
                context.tables(),
                region == null
                        ? new TableLedger(mode, gauges, context.current(), new LabelFinder(vmas))
                        : new RegionLedger(region.sharedLevel, gauges, context.current(), region.name));
        this.slots = region == null ? null : new RegionSlots(table, vmas, region.sharedLevel);
        context.spacesByTable().add(this);
        this.residency = new Residency(this);
    }

    /// Returns a new, empty address space for a process.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public static AddressSpace create(MemoryContext context) {
        return new AddressSpace(context, Layout.ofProcess(context.paging()), FlushReach.LOADED_HARTS, null);
    }

    /// Returns a new address space for addresses from `start` on that no hart ever runs in: others attach its table
    /// pages of `sharedLevel`, and a change reaches whom `reach` says. Its table pages are reported under `name`;
    /// nothing can be mapped before [#setRegionEnd].
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public static AddressSpace createRegion(
            MemoryContext context, long start, String name, int sharedLevel, FlushReach reach) {
        return new AddressSpace(context, Layout.ofRegion(start, start), reach, new RegionTables(name, sharedLevel));
    }

    /// Sets where the addresses of a region end that may be mapped.
    public void setRegionEnd(long end) {
        long last = Layout.ofProcess(context.paging()).end();
        layout = Layout.ofRegion(layout.lowest(), Math.min(end, last));
    }

    /// Maps something (mmap(2)); returns its address.
    public long map(MapRequest request) {
        return mapOperation.map(request);
    }

    /// Unmaps everything in a range (munmap(2)).
    public long unmap(long virtAddr, long sizeBytes) {
        return unmapOperation.unmap(virtAddr, sizeBytes, FlushCause.MUNMAP);
    }

    /// Changes the rights of a range (mprotect(2)).
    public long protect(long virtAddr, long sizeBytes, int prot) {
        return protectOperation.protect(virtAddr, sizeBytes, prot);
    }

    /// Enlarges, shrinks or moves a mapping (mremap(2)); returns its address.
    public long remap(RemapRequest request) {
        return remapOperation.remap(request);
    }

    /// Moves the end of the heap (brk(2)); returns where it is then.
    public long brk(long virtAddr) {
        return heap.moveEnd(virtAddr);
    }

    /// Takes advice (madvise(2)).
    public long advise(long virtAddr, long sizeBytes, int advice) {
        return adviseOperation.advise(virtAddr, sizeBytes, advice);
    }

    /// Checks what msync(2) checks; there is no storage to be in step with.
    public long sync(long virtAddr, long sizeBytes, int flags) {
        return lockOperation.sync(virtAddr, sizeBytes, flags);
    }

    /// Locks a range in memory, faulting its pages in (mlock(2)).
    public long lock(long virtAddr, long sizeBytes) {
        return lockOperation.lock(virtAddr, sizeBytes);
    }

    /// Undoes [#lock] (munlock(2)).
    public long unlock(long virtAddr, long sizeBytes) {
        return lockOperation.unlock(virtAddr, sizeBytes);
    }

    /// Locks all current mappings (mlockall(2) with MCL_CURRENT), or none.
    public long lockAll(boolean locked) {
        return lockOperation.lockAll(locked);
    }

    /// Handles a page fault of a thread at an address, and counts it: FAULT always; MINOR_FAULT as `ru_minflt` does,
    /// for those that reached an area and gave it its page; LINK_FAULT for those that attached a shared subtree.
    public FaultOutcome fault(long virtAddr, AccessType access) {
        return faultHandler.fault(virtAddr, access);
    }

    /// Returns a copy for a forked child: private memory is copied when written. Null when RAM is used up.
    public @Nullable AddressSpace fork() {
        return new ForkOperation(this).fork();
    }

    /// Maps the initial stack; returns the address above it. It grows when touched below, up to 8 MiB.
    public long mapStack(int prot) {
        return mapOperation.mapStack(prot);
    }

    /// Sets where the heap begins, empty: after the program's last byte.
    public void startHeap(long virtAddr) {
        heap.start(virtAddr);
    }

    /// Adds a user (CLONE_VM).
    public void retain() {
        references++;
    }

    /// Drops a user that has ended; the last one unmaps everything and frees the tables.
    public void release() {
        releaseFor(FlushCause.EXIT);
    }

    /// Drops a user for another reason than its end.
    public void releaseFor(FlushCause cause) {
        references--;
        if (references == 0) {
            context.shootdown().abandon(this);
            unmapOperation.tearDown(cause);
            context.shootdown().ended(this);
            context.mapHook().ended(this);
            context.spacesByTable().remove(this);
        }
    }

    /// Unmaps pages `[firstPage, endPage)` of a file wherever they are mapped here; the VMAs stay.
    public void unmapPages(PageSource source, long firstPage, long endPage, ReverseMap.Copies copies) {
        unmapOperation.unmapPages(source, firstPage, endPage, copies);
    }

    /// Returns what a hart that knows this address space by an id is given when it switches to it.
    public AddressSpaceRegister register(int asid) {
        return new AddressSpaceRegister(table.rootPfn(), asid, tagged.number(), domains.ranges());
    }

    /// Returns the frame of the root of the page table.
    public long rootPfn() {
        return table.rootPfn();
    }

    /// Returns the identity of the executable content.
    public CodeImage codeImage() {
        return codeImage;
    }

    /// Makes the current hart run in this space, before the one it runs in is let go (`activate_mm`).
    public void activate() {
        context.shootdown().load(this, context.current().hart());
    }

    /// Returns the areas.
    public VmaSet vmas() {
        return vmas;
    }

    /// Returns the page table. What changes it redeems what it gets.
    public PageTable table() {
        return table;
    }

    /// Makes the table page of `level` that translates an address, and that is this space's own, a shared subtree of
    /// the machine's ([sharewalk.mmu.table.TableCursor#share]), charged to the label of the area there.
    public SharedSubtree shareTable(long virtAddr, int level) {
        String label = new LabelFinder(vmas).labelAt(virtAddr);
        return table.cursor().share(virtAddr, level, context.accountOfShared(label));
    }

    /// Returns the kernel's access to this memory.
    public UserMemory user() {
        return user;
    }

    public MemoryContext context() {
        return context;
    }

    /// Returns the page-table bytes of this address space.
    public PageTableGauges gauges() {
        return gauges;
    }

    /// Returns what this space shares with others under an id of its own.
    public SpaceDomains domains() {
        return domains;
    }

    /// Returns the choice of addresses.
    public Placement placement() {
        return placement;
    }

    /// Returns the addresses mapped and their labels, in order.
    public List<MappingRange> mappings() {
        List<MappingRange> ranges = new ArrayList<>(vmas.size());
        for (Vma vma : vmas.all()) {
            ranges.add(new MappingRange(vma.start(), vma.end(), vma.label()));
        }
        return ranges;
    }

    /// Returns whether the kernel, working for the process, found RAM used up; then the process is to be killed.
    public boolean ranOutOfMemory() {
        return ranOutOfMemory;
    }

    /// Returns the end of the addresses that can be mapped.
    public long end() {
        return layout.end();
    }

    /// Returns the end of the addresses that are given to a program that asks for none (`DEFAULT_MAP_WINDOW`).
    public long windowEnd() {
        return layout.window();
    }

    /// Resolves a fault in an area of this space, the access already found legal; counts nothing.
    public FaultOutcome resolve(Vma vma, long virtAddr, AccessType access) {
        return faultHandler.resolve(vma, virtAddr, access);
    }

    @Nullable
    RegionSlots slots() {
        return slots;
    }

    boolean isRegion() {
        return slots != null;
    }

    /// Returns the counters charged for what the kernel does at an address of this space.
    Counters counters(long virtAddr) {
        CurrentHart current = context.current();
        return isRegion() ? current.countersElsewhere() : current.counters(virtAddr);
    }

    /// Makes sure that the part of a region that others attach has a table for an address.
    void prepareSlot(long virtAddr) {
        if (slots != null) {
            context.shootdown().redeemUnseen(slots.prepare(virtAddr));
        }
    }

    /// Lets go of shared tables that a change to `[start, end)` must not reach; the caller redeems.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public PendingInvalidation unshare(long start, long end, TableSharing.Change change) {
        return context.tableSharing().beforeChange(this, start, end, change);
    }

    PendingInvalidation freeUnusedSlots(long start, long end) {
        return slots == null ? PendingInvalidation.NONE : slots.freeUnused(start, end);
    }

    /// Returns the most that the entry of a page may grant.
    public Permissions rights(Vma vma, long virtAddr) {
        return faultHandler.rights().of(vma, virtAddr);
    }

    /// Returns whether an area's rights allow an access.
    public boolean allows(Vma vma, AccessType access) {
        return context.rules().allows(vma.prot(), access);
    }

    Layout layout() {
        return layout;
    }

    FlushReach reach() {
        return reach;
    }

    TaggedSpace tagged() {
        return tagged;
    }

    PteFormat format() {
        return context.paging().format();
    }

    Heap heap() {
        return heap;
    }

    UnmapOperation unmapping() {
        return unmapOperation;
    }

    /// Returns which pages lie in RAM, and the way to have them go.
    public Residency residency() {
        return residency;
    }

    AdviseOperation advising() {
        return adviseOperation;
    }

    /// Returns the huge pages promised to private mappings here.
    HugeReservations hugeReservations() {
        return hugeReservations;
    }

    /// Returns the huge pages of shared memory that are mapped here.
    Superpages superpages() {
        return superpages;
    }

    PageFaultHandler faults() {
        return faultHandler;
    }

    Population population() {
        return population;
    }

    /// Notes that executable content may differ from now on from that of whoever shares the image.
    void codeChanged() {
        codeImage = new CodeImage();
    }

    void shareCode(AddressSpace other) {
        codeImage = other.codeImage;
    }

    void outOfMemory() {
        ranOutOfMemory = true;
    }
}
