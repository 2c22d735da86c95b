package sharewalk.benchmark;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import sharewalk.host.HostMemory;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameListener;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.table.TableContext;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbGeometry;

/// The model's share of a fill: one call of [Mmu#translate] on pages used one after the other, of which more or fewer
/// fit the TLBs. Run with `-prof gc`: nothing may be allocated.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class FillPathBenchmark {
    private static final long RAM_BYTES = 32 << 20;
    private static final long FIRST_PAGE = 0x20_0000_0000L;
    private static final int PAGE_BYTES = 4096;
    private static final int ASID = 7;

    /// The work of each access.
    public enum Work {
        L1_HIT(32),
        L2_HIT(512),
        WALK(4096);

        private final int pages;

        Work(int pages) {
            this.pages = pages;
        }
    }

    @Param({"L1_HIT", "L2_HIT", "WALK"})
    public Work work = Work.L1_HIT;

    @Param({"16x4:fifo", "16x4:lru", "1x32:fifo", "1x32:lru"})
    public String firstLevel = "16x4:fifo";

    @Param({"SV39", "X86_64_4LEVEL"})
    public PagingMode paging = PagingMode.SV39;

    private final Arena arena = Arena.ofShared();

    @SuppressWarnings("NullAway.Init") // by prepare()
    private Mmu mmu;

    private int page;

    /// Builds the tables and the hart.
    @Setup
    public void prepare() {
        mmu = mmuOverTables();
        for (int i = 0; i < 2 * work.pages; i++) {
            long _ = translate();
        }
    }

    private Mmu mmuOverTables() {
        SegmentMemory memory = SegmentMemory.of(HostMemory.reserve(RAM_BYTES, arena));
        FrameAllocator allocator = new FrameAllocator(FrameTable.of(memory), memory, FrameListener.NONE);
        InvalidationLedger ledger = new InvalidationLedger();
        PageTable table = PageTable.create(new TableContext(paging, memory, allocator, ledger), TableAccounting.NONE);
        Permissions permissions = new Permissions(true, true, false, true);
        for (int i = 0; i < work.pages; i++) {
            table.cursor()
                    .map(FIRST_PAGE + (long) i * PAGE_BYTES, allocator.allocate(FrameUse.DATA), permissions, 0, false)
                    .redeem(ledger);
        }
        MachineProfile profile = MachineProfile.DEFAULT.withL1d(TlbGeometry.parse(firstLevel));
        Mmu made = new Mmu(profile, paging, memory, new HartSeed(1, 0), QuietPageListener.NONE, QuietPageListener.NONE);
        made.setRoot(table.rootPfn(), ASID);
        made.chargeTo(CounterMap.all(new Counters()));
        return made;
    }

    /// Makes one load.
    @Benchmark
    public long translate() {
        page = (page + 1) & (work.pages - 1);
        return mmu.translate(FIRST_PAGE + (long) page * PAGE_BYTES, AccessType.LOAD);
    }

    /// Gives the memory back.
    @TearDown
    public void close() {
        arena.close();
    }
}
