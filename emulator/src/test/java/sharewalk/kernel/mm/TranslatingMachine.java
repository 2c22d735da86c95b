package sharewalk.kernel.mm;

import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.kernel.mm.flush.HartTranslations;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.Translation;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameListener;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.TableContext;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbName;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkResult;

/// A machine of real MMUs and few processes, which random steps switch, change and end.
final class TranslatingMachine {
    private static final long BASE = 0x3fff_8000;
    private static final int PAGES = 80;
    private static final int MOST_PROCESSES = 12;

    private final MemoryContext context;
    private final FrameAllocator frames;
    private final InvalidationLedger ledger = new InvalidationLedger();
    private final List<Mmu> mmus = new ArrayList<>();
    private final List<AddressSpace> spaces = new ArrayList<>();
    private final WalkResult fresh = new WalkResult();
    private final long usedAtStart;
    private String stale = "";
    private long checkedEntries;
    private int failures;

    TranslatingMachine(PagingMode mode, int hartCount, FlushSettings flushes) {
        SegmentMemory memory = SegmentMemory.onHeap(8 << 20);
        frames = new FrameAllocator(FrameTable.of(memory), memory, FrameListener.NONE);
        for (int hart = 0; hart < hartCount; hart++) {
            mmus.add(new Mmu(
                    MachineProfile.DEFAULT,
                    mode,
                    memory,
                    new HartSeed(1, hart),
                    QuietPageListener.NONE,
                    QuietPageListener.NONE));
        }
        TableContext tables = new TableContext(mode, memory, frames, ledger);
        List<HartTranslations> harts =
                mmus.stream().<HartTranslations>map(mmu -> mmu::invalidate).toList();
        context = new MemoryContext(tables, flushes, Set.of(PagingFeature.HARDWARE_UPDATE), _ -> {}, harts);
        enter(0);
        usedAtStart = frames.usedFrames();
        spaces.add(AddressSpace.create(context));
    }

    private void enter(int hart) {
        context.current().enter(hart, CounterMap.all(new Counters()));
    }

    /// Does something on some hart; returns what.
    String step(SplittableRandom random) {
        int hart = random.nextInt(mmus.size());
        int index = random.nextInt(spaces.size());
        AddressSpace space = spaces.get(index);
        long start = BASE + random.nextInt(PAGES) * PAGE;
        long size = (1 + random.nextInt(random.nextInt(4) == 0 ? PAGES : 4)) * PAGE;
        int operation = random.nextInt(36);
        enter(hart);
        if (operation > 1) {
            context.shootdown().load(space, hart);
        }
        switch (operation) {
            case 0 -> context.shootdown().idle(hart);
            case 1, 2, 3 -> context.shootdown().load(space, hart);
            case 4, 5 -> map(space, start, size, MAP_PRIVATE);
            case 6 -> map(space, start, size, MAP_SHARED);
            case 7 -> done(space.unmap(start, size));
            case 8 -> done(space.unmap(BASE, PAGES * PAGE));
            case 9, 10 -> done(space.protect(start, size, PROT_READ));
            case 11 -> done(space.protect(start, size, RW));
            case 12 -> fork(space);
            case 13 -> exit(index);
            case 14 -> done(space.remap(new RemapRequest(start, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE)));
            case 15, 16 -> replace(index);
            default -> touch(space, hart, start, Math.min(size, 8 * PAGE));
        }
        ledger.requireEmpty();
        return "operation %d of space %d on hart %d, [%#x, %#x), %d calls have failed"
                .formatted(operation, index, hart, start, start + size, failures);
    }

    private void map(AddressSpace space, long start, long size, int type) {
        done(space.map(MapRequest.anonymous(start, size, RW, type | MAP_FIXED)));
    }

    /// A call may fail; what it has done must be redeemed all the same.
    private void done(long result) {
        failures += result < 0 ? 1 : 0;
    }

    private void fork(AddressSpace space) {
        AddressSpace child = spaces.size() < MOST_PROCESSES ? space.fork() : null;
        if (child != null) {
            spaces.add(child);
        }
    }

    private void exit(int index) {
        if (spaces.size() > 1) {
            spaces.remove(index).release();
        }
    }

    /// execve.
    private void replace(int index) {
        AddressSpace old = spaces.get(index);
        AddressSpace space = AddressSpace.create(context);
        spaces.set(index, space);
        space.activate();
        old.releaseFor(FlushCause.EXEC);
    }

    private void touch(AddressSpace space, int hart, long start, long size) {
        for (long page = start; page < start + size; page += PAGE) {
            for (AccessType access : List.of(AccessType.LOAD, AccessType.STORE)) {
                for (int attempt = 0; attempt < 3 && translate(space, hart, page, access) < 0; attempt++) {
                    mmus.get(hart).dropAfterFault(page);
                    var _ = space.fault(page, access);
                }
            }
        }
    }

    private long translate(AddressSpace space, int hart, long virtAddr, AccessType access) {
        Mmu mmu = mmus.get(hart);
        mmu.setRoot(space.rootPfn(), context.shootdown().idOn(space, hart));
        return mmu.translate(virtAddr, access);
    }

    /// Returns which hart could use what the tables do not grant, or an empty text.
    String findStale(SplittableRandom random) {
        stale = "";
        for (int hart = 0; hart < mmus.size(); hart++) {
            for (AddressSpace space : spaces) {
                if (context.shootdown().runs(space, hart)) {
                    checkEntries(space, hart);
                    checkWalk(space, hart, BASE + random.nextInt(PAGES) * PAGE);
                    checkWalk(space, hart, BASE);
                }
            }
        }
        return stale;
    }

    long checkedEntries() {
        return checkedEntries;
    }

    private void checkEntries(AddressSpace space, int hart) {
        Mmu mmu = mmus.get(hart);
        int id = context.shootdown().idOn(space, hart);
        mmu.setRoot(space.rootPfn(), id);
        for (TlbName name : TlbName.values()) {
            mmu.forEachEntry(name, (tag, translation) -> check(mmu, id, tag, translation));
        }
    }

    private void check(Mmu mmu, int id, long tag, long translation) {
        if (TlbTag.asid(tag) != id) {
            return;
        }
        checkedEntries++;
        boolean writes = (translation & Rights.WRITE) != 0;
        long virtAddr = TlbTag.virtAddr(tag);
        mmu.inspect(virtAddr, writes ? AccessType.STORE : AccessType.LOAD, fresh);
        if (!fresh.isTranslated() || fresh.leafAddress() != (translation & ~(long) Rights.MASK)) {
            stale = "hart %d, id %d, %#x: entry %#x".formatted(mmu.hart(), id, virtAddr, translation);
        }
    }

    /// A walk that begins in the walk cache must end where one from the root does.
    private void checkWalk(AddressSpace space, int hart, long virtAddr) {
        long found = translate(space, hart, virtAddr, AccessType.LOAD);
        mmus.get(hart).inspect(virtAddr, AccessType.LOAD, fresh);
        if (found >= 0 && (!fresh.isTranslated() || fresh.leafAddress() != Translation.pageAddress(found))) {
            stale = "hart %d walks to %#x for %#x".formatted(hart, found, virtAddr);
        }
    }

    void end() {
        spaces.forEach(AddressSpace::release);
        ledger.requireEmpty();
        if (frames.usedFrames() != usedAtStart) {
            throw new AssertionError("frames lost: " + frames);
        }
    }
}
