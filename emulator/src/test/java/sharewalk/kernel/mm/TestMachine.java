package sharewalk.kernel.mm;

import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameListener;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.TableContext;

/// A machine without an engine: RAM, memory management, harts that remember translations and use them.
public final class TestMachine {
    public static final int RW = PROT_READ | PROT_WRITE;
    public static final long PAGE = PagingMode.PAGE_BYTES;

    public final PagingMode mode;
    public final PhysicalMemory memory;
    public final FrameAllocator frames;
    public final MemoryContext context;
    public final List<FakeHart> harts = new ArrayList<>();
    public final List<Long> discarded = new ArrayList<>();
    private final Set<PagingFeature> features;
    private final InvalidationLedger ledger = new InvalidationLedger();
    private Counters counters = new Counters();

    public TestMachine(PagingMode mode, int hartCount, int ramBytes) {
        this(mode, hartCount, ramBytes, 16);
    }

    public TestMachine(PagingMode mode, int hartCount, int ramBytes, int asidBits) {
        this(mode, hartCount, ramBytes, asidBits, Set.of(PagingFeature.HARDWARE_UPDATE));
    }

    public TestMachine(PagingMode mode, int hartCount, int ramBytes, int asidBits, Set<PagingFeature> features) {
        this(mode, hartCount, ramBytes, FlushSettings.ofAsids(asidBits), features);
    }

    public TestMachine(
            PagingMode mode, int hartCount, int ramBytes, FlushSettings flushes, Set<PagingFeature> features) {
        this.mode = mode;
        this.features = features;
        memory = SegmentMemory.onHeap(ramBytes);
        frames = new FrameAllocator(FrameTable.of(memory), memory, FrameListener.NONE);
        for (int hart = 0; hart < hartCount; hart++) {
            harts.add(new FakeHart());
        }
        TableContext tables = new TableContext(mode, memory, frames, ledger);
        context = new MemoryContext(tables, flushes, features, discarded::add, List.copyOf(harts));
        enter(0);
    }

    public static TestMachine of(PagingMode mode) {
        return new TestMachine(mode, 2, 16 << 20);
    }

    /// Enters the kernel on a hart.
    public void enter(int hart) {
        context.current().enter(hart, CounterMap.all(counters));
    }

    /// Counts from zero again.
    public void restartCounting() {
        counters = new Counters();
        enter(context.current().hart());
        for (FakeHart hart : harts) {
            var ignored = hart.takeOrders();
        }
    }

    public long count(Counter counter) {
        return counters.get(counter);
    }

    /// Returns a new process, running on hart 0.
    public AddressSpace process() {
        AddressSpace space = AddressSpace.create(context);
        run(space, 0);
        return space;
    }

    /// Makes a hart run in a space.
    public void run(AddressSpace space, int hart) {
        enter(hart);
        context.shootdown().load(space, hart);
    }

    /// Returns the id by which the current hart knows a space, which it runs in from then on.
    public int idOf(AddressSpace space) {
        return context.shootdown().idOn(space, context.current().hart());
    }

    public static long mapAnonymous(AddressSpace space, long virtAddr, long pages) {
        return space.map(
                MapRequest.anonymous(virtAddr, pages * PAGE, RW, MAP_PRIVATE | (virtAddr == 0 ? 0 : MAP_FIXED)));
    }

    public static long mapSharedAnonymous(AddressSpace space, long virtAddr, long pages) {
        return space.map(MapRequest.anonymous(
                virtAddr, pages * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | (virtAddr == 0 ? 0 : MAP_FIXED)));
    }

    public static long mapFile(AddressSpace space, PageSource source, int flags, int prot, long pages) {
        return space.map(new MapRequest(0, pages * PAGE, prot, flags, new FileToMap(true, true, true, source), 0));
    }

    /// Accesses an address as the current hart would: from what it remembers, else from the table, faulting until the
    /// access succeeds. Returns the physical address, or the negative number of the signal, or -1000 out of memory.
    public long access(AddressSpace space, long virtAddr, AccessType access) {
        run(space, context.current().hart());
        FakeHart hart = harts.get(context.current().hart());
        int id = idOf(space);
        PteFormat format = mode.format();
        for (int attempt = 0; attempt < 5; attempt++) {
            Long remembered = hart.remembered(id, virtAddr);
            if (remembered != null && grants(remembered, access)) {
                return format.pfn(remembered) * PAGE + virtAddr % PAGE;
            }
            long pte = space.table().hardwareCursor().pteAt(virtAddr);
            if (grants(pte, access)) {
                if (space.table().hardwareCursor().levelAt(virtAddr) == 0) {
                    // These harts know small pages only.
                    hart.remember(id, virtAddr, pte);
                }
                return space.table().hardwareCursor().frameAt(virtAddr) * PAGE + virtAddr % PAGE;
            }
            if (context.rules() == KernelRules.X86_64) {
                hart.forget(id, virtAddr);
            }
            FaultOutcome outcome = space.fault(virtAddr, access);
            ledger.requireEmpty();
            if (outcome instanceof FaultOutcome.Signal(int signo, int _, long _)) {
                return -signo;
            }
            if (outcome instanceof FaultOutcome.OutOfMemory) {
                return -1000;
            }
        }
        throw new AssertionError("fault after fault at %#x".formatted(virtAddr));
    }

    /// Stores a byte; returns 0, or what [#access] returned.
    public long store(AddressSpace space, long virtAddr, int value) {
        long physAddr = access(space, virtAddr, AccessType.STORE);
        if (physAddr < 0) {
            return physAddr;
        }
        memory.write8(physAddr, value);
        return 0;
    }

    /// Loads a byte, or returns what [#access] returned.
    public long load(AddressSpace space, long virtAddr) {
        long physAddr = access(space, virtAddr, AccessType.LOAD);
        return physAddr < 0 ? physAddr : memory.read8(physAddr);
    }

    /// Throws when a change of a page table was not redeemed.
    public void requireRedeemed() {
        ledger.requireEmpty();
    }

    private boolean grants(long pte, AccessType access) {
        PteFormat format = mode.format();
        boolean marked = format.isAccessed(pte) && (access != AccessType.STORE || format.isDirty(pte));
        return format.isPresent(pte)
                && (marked || features.contains(PagingFeature.HARDWARE_UPDATE) || context.rules() == KernelRules.X86_64)
                && switch (access) {
                    case LOAD -> format.isReadable(pte);
                    case STORE -> format.isWritable(pte);
                    case FETCH -> format.isExecutable(pte);
                };
    }
}
