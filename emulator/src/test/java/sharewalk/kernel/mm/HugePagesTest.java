package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_HUGETLB;
import static sharewalk.abi.MmapFlags.MAP_HUGE_SHIFT;
import static sharewalk.abi.MmapFlags.MAP_NORESERVE;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;

/// hugetlb without an engine: who gets a page of the pool, who an error, and how large the leaves are.
class HugePagesTest {
    private static final long HUGE = 2L << 20;
    private static final int RAM = 32 << 20;
    private static final long BASE = 0x4000_0000L;

    private TestMachine machine = new TestMachine(PagingMode.SV39, 2, RAM);
    private HugePagePool pool = machine.context.hugeMemory().standard();

    private void use(PagingMode mode) {
        machine = new TestMachine(mode, 2, RAM);
        pool = machine.context.hugeMemory().standard();
    }

    private static long map(AddressSpace space, long sizeBytes, int flags) {
        return space.map(MapRequest.anonymous(BASE, sizeBytes, RW, flags | MAP_HUGETLB | MAP_FIXED));
    }

    @AfterEach
    void nothingIsOwed() {
        machine.requireRedeemed();
    }

    @ParameterizedTest
    @EnumSource
    void oneFault_givesOneLeafOf512Pages(PagingMode mode) {
        use(mode);
        pool.resize(2);
        AddressSpace space = machine.process();
        assertThat(map(space, HUGE + PAGE, MAP_SHARED)).isEqualTo(BASE);
        machine.restartCounting();
        assertThat(machine.store(space, BASE + 5 * PAGE, 7)).isZero();
        assertThat(machine.load(space, BASE + 511 * PAGE)).isZero();
        assertThat(machine.load(space, BASE + 5 * PAGE)).isEqualTo(7);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.PAGE_ZEROED)).isEqualTo(512);
        assertThat(space.table().cursor().levelAt(BASE)).isEqualTo(1);
        assertThat(Objects.requireNonNull(space.vmas().find(BASE)).sizeBytes()).isEqualTo(2 * HUGE);
    }

    @Test
    void mmap_promisesPagesOrFails() {
        pool.resize(3);
        AddressSpace space = machine.process();
        assertThat(map(space, 4 * HUGE, MAP_SHARED)).isEqualTo(-ENOMEM);
        assertThat(map(space, 2 * HUGE, MAP_SHARED)).isEqualTo(BASE);
        assertThat(pool.reserved()).isEqualTo(2);
        AddressSpace other = machine.process();
        assertThat(map(other, 2 * HUGE, MAP_PRIVATE)).isEqualTo(-ENOMEM);
        assertThat(map(other, HUGE, MAP_PRIVATE)).isEqualTo(BASE);
        assertThat(machine.store(space, BASE, 1)).isZero();
        assertThat(pool.reserved()).isEqualTo(2);
        assertThat(pool.unusedPages()).isEqualTo(2);
        space.release();
        other.release();
        assertThat(pool.reserved()).isZero();
        assertThat(pool.unusedPages()).isEqualTo(3);
    }

    @Test
    void withoutPromise_touchingIsSigbusWhenThePoolIsEmpty() {
        pool.resize(1);
        AddressSpace space = machine.process();
        assertThat(map(space, 2 * HUGE, MAP_SHARED | MAP_NORESERVE)).isEqualTo(BASE);
        assertThat(machine.store(space, BASE, 1)).isZero();
        assertThat(machine.store(space, BASE + HUGE, 1)).isEqualTo(-SIGBUS);
    }

    @Test
    void promisedPages_areForWhomTheyWerePromised() {
        pool.resize(1);
        AddressSpace owner = machine.process();
        AddressSpace other = machine.process();
        assertThat(map(owner, HUGE, MAP_PRIVATE)).isEqualTo(BASE);
        assertThat(map(other, HUGE, MAP_PRIVATE | MAP_NORESERVE)).isEqualTo(BASE);
        assertThat(machine.store(other, BASE, 1)).isEqualTo(-SIGBUS);
        assertThat(machine.store(owner, BASE, 1)).isZero();
    }

    @Test
    void parts_cannotBeUnmappedProtectedOrDropped() {
        pool.resize(2);
        AddressSpace space = machine.process();
        assertThat(map(space, 2 * HUGE, MAP_SHARED)).isEqualTo(BASE);
        assertThat(space.unmap(BASE + PAGE, PAGE)).isEqualTo(-EINVAL);
        assertThat(space.protect(BASE, PAGE, PROT_READ)).isEqualTo(-EINVAL);
        assertThat(space.advise(BASE + PAGE, HUGE, MADV_DONTNEED)).isEqualTo(-EINVAL);
        assertThat(machine.store(space, BASE, 1)).isZero();
        assertThat(space.advise(BASE, PAGE, MADV_DONTNEED)).isZero();
        assertThat(space.table().cursor().pteAt(BASE)).isNotZero();
        assertThat(space.remap(new RemapRequest(BASE, HUGE, 4 * HUGE, MREMAP_MAYMOVE, 0)))
                .isEqualTo(-EINVAL);
        assertThat(space.unmap(BASE, HUGE)).isZero();
    }

    @Test
    void unknownSizes_andUnalignedAddressesAreRefused() {
        pool.resize(1);
        AddressSpace space = machine.process();
        assertThat(map(space, HUGE, MAP_SHARED | 16 << MAP_HUGE_SHIFT)).isEqualTo(-EINVAL);
        assertThat(space.map(MapRequest.anonymous(BASE + PAGE, HUGE, RW, MAP_SHARED | MAP_HUGETLB | MAP_FIXED)))
                .isEqualTo(-EINVAL);
        assertThat(space.map(MapRequest.anonymous(0, HUGE, RW, MAP_SHARED | MAP_HUGETLB)) % HUGE)
                .isZero();
    }

    @Test
    void forkedChild_copiesWholePagesFromWhatIsLeft_andGetsNoneWhenNoneIs() {
        pool.resize(2);
        AddressSpace parent = machine.process();
        assertThat(map(parent, HUGE, MAP_PRIVATE)).isEqualTo(BASE);
        assertThat(machine.store(parent, BASE, 1)).isZero();
        AddressSpace child = Objects.requireNonNull(parent.fork());
        AddressSpace second = Objects.requireNonNull(parent.fork());
        machine.restartCounting();
        assertThat(machine.store(child, BASE, 2)).isZero();
        assertThat(machine.count(Counter.PAGE_COPIED)).isEqualTo(512);
        assertThat(machine.load(second, BASE)).isEqualTo(1);
        assertThat(machine.store(second, BASE, 3)).isEqualTo(-SIGBUS);
        assertThat(machine.load(parent, BASE)).isEqualTo(1);
        assertThat(machine.load(child, BASE)).isEqualTo(2);
    }

    @Test
    void ownerOfThePromise_takesThePageFromItsChildRatherThanFail() {
        pool.resize(1);
        AddressSpace parent = machine.process();
        assertThat(map(parent, HUGE, MAP_PRIVATE)).isEqualTo(BASE);
        assertThat(machine.store(parent, BASE, 1)).isZero();
        AddressSpace child = Objects.requireNonNull(parent.fork());
        assertThat(machine.load(child, BASE)).isEqualTo(1);
        assertThat(machine.store(parent, BASE, 2)).isZero();
        assertThat(machine.load(child, BASE)).isEqualTo(-SIGBUS);
        assertThat(machine.load(parent, BASE)).isEqualTo(2);
    }

    @Test
    void droppingAPrivatePage_renewsItsPromise() {
        pool.resize(1);
        AddressSpace space = machine.process();
        assertThat(map(space, HUGE, MAP_PRIVATE)).isEqualTo(BASE);
        assertThat(machine.store(space, BASE, 1)).isZero();
        assertThat(pool.reserved()).isZero();
        assertThat(space.advise(BASE, HUGE, MADV_DONTNEED)).isZero();
        assertThat(pool.reserved()).isEqualTo(1);
        assertThat(machine.load(space, BASE)).isZero();
        assertThat(pool.reserved()).isZero();
    }

    @Test
    void resize_leavesWhatIsUsedAsSurplus_andFreesItLater() {
        pool.resize(2);
        long free = machine.frames.freeFrames();
        AddressSpace space = machine.process();
        assertThat(map(space, HUGE, MAP_SHARED)).isEqualTo(BASE);
        assertThat(machine.store(space, BASE, 1)).isZero();
        pool.resize(0);
        assertThat(pool.total()).isEqualTo(1);
        assertThat(pool.surplus()).isEqualTo(1);
        space.release();
        assertThat(pool.total()).isZero();
        assertThat(machine.frames.freeFrames()).isEqualTo(free + 2 * 512);
    }

    @Test
    void surplusPages_areMadeForPromisesUpToTheirLimit() {
        pool.limitSurplus(2);
        AddressSpace space = machine.process();
        assertThat(map(space, 3 * HUGE, MAP_SHARED)).isEqualTo(-ENOMEM);
        assertThat(map(space, 2 * HUGE, MAP_SHARED)).isEqualTo(BASE);
        assertThat(pool.surplus()).isEqualTo(2);
        space.release();
        assertThat(pool.total()).isZero();
    }

    @Test
    void movedPages_keepLeavesAndPromises() {
        pool.resize(2);
        AddressSpace space = machine.process();
        assertThat(map(space, 2 * HUGE, MAP_PRIVATE)).isEqualTo(BASE);
        assertThat(machine.store(space, BASE, 5)).isZero();
        long moved = space.remap(
                new RemapRequest(BASE, 2 * HUGE, 2 * HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE + 16 * HUGE));
        assertThat(moved).isEqualTo(BASE + 16 * HUGE);
        assertThat(machine.load(space, moved)).isEqualTo(5);
        assertThat(space.table().cursor().levelAt(moved)).isEqualTo(1);
        assertThat(machine.store(space, moved + HUGE, 6)).isZero();
        assertThat(pool.reserved()).isZero();
    }

    @Test
    void userMemory_reachesEveryPageOfALeaf() {
        pool.resize(1);
        AddressSpace space = machine.process();
        assertThat(map(space, HUGE, MAP_SHARED)).isEqualTo(BASE);
        assertThat(space.user().write64(BASE + 300 * PAGE + 8, 0x1234)).isTrue();
        assertThat(space.user().read64(BASE + 300 * PAGE + 8)).hasValue(0x1234);
        assertThat(machine.load(space, BASE + 301 * PAGE)).isZero();
    }

    @Test
    void flush_goesByThePageSize() {
        use(PagingMode.X86_64_4LEVEL);
        pool.resize(8);
        AddressSpace space = machine.process();
        machine.run(space, 0);
        assertThat(map(space, 8 * HUGE, MAP_SHARED)).isEqualTo(BASE);
        for (int page = 0; page < 8; page++) {
            assertThat(machine.store(space, BASE + page * HUGE, 1)).isZero();
        }
        machine.restartCounting();
        assertThat(space.protect(BASE, 8 * HUGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(8);
        assertThat(machine.count(Counter.FULL_FLUSH)).isZero();
    }

    @Test
    void aWritableMapping_makesTheFileAsLongInWholePages() {
        pool.resize(1);
        AddressSpace space = machine.process();
        HugePages file = new HugePages(pool, null);
        FileToMap opened = new FileToMap(true, true, true, file);
        assertThat(space.map(new MapRequest(BASE, PAGE, RW, MAP_SHARED | MAP_FIXED, opened, 0)))
                .isEqualTo(BASE);
        assertThat(file.sizeBytes()).isEqualTo(HUGE);
        assertThat(space.map(new MapRequest(BASE, PAGE, RW, MAP_SHARED | MAP_FIXED, opened, PAGE)))
                .isEqualTo(-EINVAL);
    }
}
