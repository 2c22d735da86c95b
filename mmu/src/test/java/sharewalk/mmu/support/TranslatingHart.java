package sharewalk.mmu.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.Translation;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbName;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PteCaches;

/// A hart reduced to its accesses, over two address spaces of 4 KiB pages, neighbouring superpages of two sizes
/// and one global page.
///
/// It either makes every access, or keeps what the MMU answered and asks again only when told that a page is no longer
/// quiet, as an engine's own translation cache does.
public final class TranslatingHart {
    /// Something a hart, or the owner of its tables, does.
    public sealed interface Operation {
        record Access(long virtAddr, AccessType access) implements Operation {}

        /// One data access that begins on a page and ends on the next.
        record Crossing(long virtAddr, AccessType access) implements Operation {}

        record Switch(int space) implements Operation {}

        record Invalidate(InvalidationScope scope) implements Operation {}

        record DropAfterFault(long virtAddr) implements Operation {}

        /// Clears and sets bits in a leaf, telling nobody: what is cached goes stale.
        record Edit(int space, long virtAddr, Change change) implements Operation {}

        /// Returns a random operation, mostly accesses.
        static Operation random(SplittableRandom random) {
            int space = random.nextInt(SPACES);
            long page = randomPage(random);
            return switch (random.nextInt(60)) {
                case 0 -> new Switch(space);
                case 1, 2 -> new Invalidate(new InvalidationScope.Page(ASIDS[space], page, random.nextBoolean()));
                case 3 -> {
                    long sizeBytes = PAGE_BYTES * (1 + random.nextInt(60));
                    yield new Invalidate(
                            new InvalidationScope.Range(ASIDS[space], page, page + sizeBytes, random.nextBoolean()));
                }
                case 4 ->
                    random.nextInt(4) == 0
                            ? new Invalidate(new InvalidationScope.All())
                            : new Invalidate(new InvalidationScope.Asid(ASIDS[space]));
                case 5 -> new DropAfterFault(page);
                case 6, 7, 8, 9, 10, 11 -> new Edit(space, page, CHANGES.get(random.nextInt(CHANGES.size())));
                case 12, 13, 14, 15 -> new Crossing(page, random.nextBoolean() ? AccessType.LOAD : AccessType.STORE);
                default -> new Access(page, randomAccess(random));
            };
        }

        static AccessType randomAccess(SplittableRandom random) {
            return ACCESSES.get(random.nextInt(ACCESSES.size()));
        }

        /// Returns a random page: half of the time one of a few, so that hits and misses both happen.
        static long randomPage(SplittableRandom random) {
            return switch (random.nextInt(8)) {
                case 0 -> GIB_PAGE - PAGE_BYTES + PAGE_BYTES * random.nextInt(3) + MIB_2 * random.nextInt(2);
                case 1 -> SUPERPAGE - PAGE_BYTES + PAGE_BYTES * random.nextInt(4) + MIB_2 * random.nextInt(SUPERPAGES);
                case 2, 3, 4 -> FIRST_PAGE + PAGE_BYTES * random.nextInt(6);
                default -> FIRST_PAGE + PAGE_BYTES * random.nextInt(PAGES);
            };
        }
    }

    /// A change of a leaf.
    public enum Change {
        CLEAN,
        WRITE_PROTECT,
        ALLOW_WRITE,
        UNMAP,
        MOVE
    }

    private static final List<AccessType> ACCESSES = List.of(AccessType.values());
    private static final List<Change> CHANGES = List.of(Change.values());
    private static final int SPACES = 2;
    private static final int[] ASIDS = {3, 0x8005};
    private static final int PAGES = 100;
    private static final long PAGE_BYTES = 4096;
    private static final long FIRST_PAGE = 0x7F_F000;
    private static final long MIB_2 = 2 << 20;
    private static final int SUPERPAGES = 6;
    private static final long SUPERPAGE = 0x4000_0000;
    private static final long GIB_PAGE = 0x8000_0000L;
    private static final long GLOBAL_PAGE = FIRST_PAGE + 2 * PAGE_BYTES;

    private final RawTables tables;
    private final long[] roots = new long[SPACES];
    private final Mmu mmu;
    private final Counters counters = new Counters();
    private final Kept data;
    private final Kept fetches;
    private final int usedFrames;
    private boolean keeps;
    private int space;

    private TranslatingHart(PagingMode paging, MachineProfile profile, boolean keeps, boolean listens) {
        this.keeps = keeps;
        data = new Kept(listens);
        fetches = new Kept(listens);
        tables = new RawTables(paging, 4 << 20);
        for (int i = 0; i < SPACES; i++) {
            roots[i] = tables.newFrame();
            for (int page = 0; page < PAGES; page++) {
                long virtAddr = FIRST_PAGE + page * PAGE_BYTES;
                tables.put(roots[i], virtAddr, 0, tables.entry(tables.newFrame(), leafBits(virtAddr)));
            }
            for (int page = 0; page < SUPERPAGES; page++) {
                tables.put(roots[i], SUPERPAGE + page * MIB_2, 1, tables.entry(512, tables.leafBits(1)));
            }
            long beforeSuperpage = SUPERPAGE - PAGE_BYTES;
            tables.put(roots[i], beforeSuperpage, 0, tables.entry(tables.newFrame(), leafBits(beforeSuperpage)));
            tables.put(roots[i], GIB_PAGE, 2, tables.entry(0, tables.leafBits(2)));
            tables.put(roots[i], GIB_PAGE - MIB_2, 1, tables.entry(512, tables.leafBits(1)));
        }
        // A few pages are never mapped: faults happen throughout.
        tables.put(roots[0], FIRST_PAGE + 7 * PAGE_BYTES, 0, 0);
        usedFrames = (int) tables.newFrame();
        mmu = new Mmu(profile, paging, tables.memory(), new HartSeed(5, 0), data, fetches);
        mmu.readEntriesThrough(PteCaches.of(profile.walker().pteCaches(), 1, 5).ofHart(0));
        mmu.chargeTo(CounterMap.all(counters));
        mmu.setRoot(roots[0], ASIDS[0]);
    }

    public static TranslatingHart makingEveryAccess(PagingMode paging, MachineProfile profile) {
        return new TranslatingHart(paging, profile, false, true);
    }

    public static TranslatingHart keepingQuietPages(PagingMode paging, MachineProfile profile, boolean listening) {
        return new TranslatingHart(paging, profile, true, listening);
    }

    public void makeEveryAccessFromNow() {
        keeps = false;
    }

    public CounterSnapshot counters() {
        return counters.snapshot();
    }

    /// Returns every entry of every TLB, in the order of the slots.
    public List<String> entries() {
        List<String> entries = new ArrayList<>();
        for (TlbName name : TlbName.values()) {
            mmu.forEachEntry(name, (tag, to) -> entries.add("%s %x %x".formatted(name, tag, to)));
        }
        return entries;
    }

    /// Returns the bytes of all frames that hold tables, among others.
    public byte[] tableBytes() {
        byte[] bytes = new byte[usedFrames << 12];
        tables.memory().read(0, bytes, 0, bytes.length);
        return bytes;
    }

    /// Carries out an operation and returns the physical pages it reached, or the faults (negative).
    public List<Long> apply(Operation operation) {
        switch (operation) {
            case Operation.Access(long virtAddr, AccessType access) -> {
                return List.of(access(virtAddr, access, -1));
            }
            case Operation.Crossing(long virtAddr, AccessType access) -> {
                long firstPage = access(virtAddr, access, -1);
                return firstPage < 0
                        ? List.of(firstPage)
                        : List.of(firstPage, access(virtAddr + PAGE_BYTES, access, virtAddr));
            }
            case Operation.Switch(int to) -> {
                space = to;
                mmu.setRoot(roots[to], ASIDS[to]);
                data.pages.clear();
                fetches.pages.clear();
            }
            case Operation.Invalidate(InvalidationScope scope) -> mmu.invalidate(scope, FlushCause.OTHER);
            case Operation.DropAfterFault(long virtAddr) -> mmu.dropAfterFault(virtAddr);
            case Operation.Edit(int of, long virtAddr, Change change) -> edit(of, virtAddr, change);
        }
        return List.of();
    }

    private long access(long virtAddr, AccessType access, long pinnedVirtPage) {
        Kept kept = access == AccessType.FETCH ? fetches : data;
        if (keeps) {
            long known = kept.pages.getOrDefault(virtAddr, -1L);
            if (Translation.grants(known, right(access))) {
                return Translation.pageAddress(known);
            }
        }
        boolean predictable = pinnedVirtPage < 0 && access == AccessType.LOAD;
        long victim = predictable ? nextVictim(virtAddr) : -1;
        long foreseen = mmu.peek(virtAddr, access);
        long answer = pinnedVirtPage < 0
                ? mmu.translate(virtAddr, access)
                : mmu.translatePinned(virtAddr, access, pinnedVirtPage);
        assertThat(answer).isEqualTo(foreseen);
        if (victim >= 0) {
            mmu.forEachEntry(
                    TlbName.L1D,
                    (tag, _) -> assertThat(isPlainEntryOf(tag, victim))
                            .as("%x should have been evicted by %x", victim, virtAddr)
                            .isFalse());
        }
        if (answer < 0) {
            return answer;
        }
        kept.pages.put(virtAddr, answer);
        return Translation.pageAddress(answer);
    }

    /// Returns the 4 KiB page of this space that a load of `virtAddr` would evict, or -1.
    private long nextVictim(long virtAddr) {
        long[] victim = {-1};
        mmu.forEachEntry(TlbName.L1D, (tag, _) -> {
            long page = TlbTag.virtAddr(tag);
            if (isPlainEntryOf(tag, page) && mmu.isNextVictim(virtAddr, page)) {
                victim[0] = page;
            }
        });
        return victim[0];
    }

    private boolean isPlainEntryOf(long tag, long virtAddr) {
        return TlbTag.asid(tag) == ASIDS[space] && TlbTag.pageShift(tag) == 12 && TlbTag.virtAddr(tag) == virtAddr;
    }

    private void edit(int of, long virtAddr, Change change) {
        int level = virtAddr >= GIB_PAGE ? 2 : virtAddr >= SUPERPAGE ? 1 : 0;
        long address = tables.entryAddress(roots[of], virtAddr, level);
        long entry = tables.memory().read64(address);
        long changed = switch (change) {
            case CLEAN -> entry & ~tables.dirtyBit();
            case WRITE_PROTECT -> entry & ~tables.writeBit();
            case ALLOW_WRITE -> entry == 0 ? 0 : entry | tables.writeBit();
            case UNMAP -> 0;
            case MOVE ->
                level > 0
                        ? tables.entry(level == 1 ? 512 : 0, tables.leafBits(level))
                        : tables.entry(200 + virtAddr / PAGE_BYTES % 50, leafBits(virtAddr));
        };
        tables.memory().write64(address, changed);
    }

    private long leafBits(long virtAddr) {
        long global = tables.isX86() ? 0x100 : 0x20;
        return tables.leafBits(0) | (virtAddr == GLOBAL_PAGE ? global : 0);
    }

    private static int right(AccessType access) {
        return switch (access) {
            case LOAD -> Translation.RIGHT_READ;
            case STORE -> Translation.RIGHT_WRITE;
            case FETCH -> Translation.RIGHT_EXECUTE;
        };
    }

    /// What the MMU answered about pages that are still quiet, all of the current address space.
    private final class Kept implements QuietPageListener {
        private final TreeMap<Long, Long> pages = new TreeMap<>();
        private final boolean listens;

        Kept(boolean listens) {
            this.listens = listens;
        }

        @Override
        public void noLongerQuiet(int asid, long virtAddr, long sizeBytes) {
            if (listens && (asid == ASIDS[space] || asid == ANY_ASID)) {
                pages.subMap(virtAddr, virtAddr + sizeBytes).clear();
            }
        }

        @Override
        public void allNoLongerQuiet() {
            if (listens) {
                pages.clear();
            }
        }
    }
}
