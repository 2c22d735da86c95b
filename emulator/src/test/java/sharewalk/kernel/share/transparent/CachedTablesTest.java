package sharewalk.kernel.share.transparent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_NOHUGEPAGE;
import static sharewalk.abi.Advice.MADV_SHARE_TABLES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.AnonymousPages;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.HugeShmem;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.SharedSubtree;

/// Who is linked to whose table, and what unlinks whom.
class CachedTablesTest {
    private static final long BLOCK = 2 << 20;
    private static final long BASE = 0x4000_0000L;

    private TestMachine machine = TestMachine.of(PagingMode.SV39);
    private PageSource file = file();

    private void start(PagingMode mode, CachedTables tables) {
        machine = TestMachine.of(mode);
        machine.context.shareTables(tables);
        file = file();
    }

    private void start() {
        start(PagingMode.SV39, new CachedTables(_ -> true));
    }

    private PageSource file() {
        return new AnonymousPages(machine.frames, machine.context.hugeMemory(), machine.context.current(), 3 * BLOCK);
    }

    /// Returns a process that maps the file's first two blocks.
    private AddressSpace sharer(int prot) {
        AddressSpace space = machine.process();
        map(space, BASE, 2 * BLOCK, prot);
        return space;
    }

    private void map(AddressSpace space, long at, long bytes, int prot) {
        FileToMap opened = new FileToMap(true, true, true, file);
        MapRequest request = new MapRequest(at, bytes, prot, MAP_SHARED | MAP_FIXED, opened, 0);
        assertThat(space.map(request)).isEqualTo(at);
    }

    private static @Nullable SharedSubtree tableOf(AddressSpace space, long at) {
        return space.table().cursor().attachedAt(at);
    }

    @ParameterizedTest
    @EnumSource
    void secondProcess_isLinked_andBothSeeWhatEitherFaultsIn(PagingMode mode) {
        start(mode, new CachedTables(_ -> true));
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(tableOf(one, BASE)).isNull();
        machine.restartCounting();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
        assertThat(machine.store(two, BASE + PAGE, 2)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        machine.restartCounting();
        assertThat(machine.load(one, BASE + PAGE)).isEqualTo(2);
        assertThat(machine.count(Counter.FAULT)).isZero();
        assertThat(tableOf(one, BASE)).isNotNull().isSameAs(tableOf(two, BASE));
    }

    @Test
    void otherRights_otherTable() {
        start();
        AddressSpace writer = sharer(RW);
        AddressSpace reader = sharer(PROT_READ);
        assertThat(machine.store(writer, BASE, 1)).isZero();
        assertThat(machine.load(reader, BASE)).isEqualTo(1);
        assertThat(tableOf(reader, BASE)).isNull();
        AddressSpace secondReader = sharer(PROT_READ);
        assertThat(machine.load(secondReader, BASE)).isEqualTo(1);
        assertThat(tableOf(reader, BASE)).isNotNull().isSameAs(tableOf(secondReader, BASE));
        assertThat(machine.store(reader, BASE, 2)).isEqualTo(-SIGSEGV);
    }

    @Test
    void mprotect_ofAll_linksToTheTableOfTheNewRights() {
        start();
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        AddressSpace reader = sharer(PROT_READ);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(machine.load(reader, BASE)).isEqualTo(1);
        assertThat(two.protect(BASE, 2 * BLOCK, PROT_READ)).isZero();
        assertThat(tableOf(two, BASE)).isNotNull().isSameAs(tableOf(reader, BASE));
        assertThat(tableOf(one, BASE)).isNull();
        machine.restartCounting();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(machine.store(one, BASE, 3)).isZero();
        assertThat(machine.count(Counter.FAULT)).isZero();
        assertThat(machine.store(two, BASE, 2)).isEqualTo(-SIGSEGV);
    }

    @Test
    void mprotect_byTheLastUser_editsItsOwnTable_orGivesItUpForTheSharedOne() {
        start();
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(one.protect(BASE, 2 * BLOCK, PROT_READ)).isZero();
        assertThat(machine.load(one, BASE)).isEqualTo(1);
        assertThat(two.protect(BASE, 2 * BLOCK, PROT_READ)).isZero();
        assertThat(tableOf(two, BASE)).isNotNull().isSameAs(tableOf(one, BASE));
        two.release();
        assertThat(tableOf(one, BASE)).isNull();
        machine.restartCounting();
        assertThat(one.protect(BASE, 2 * BLOCK, RW)).isZero();
        assertThat(machine.store(one, BASE, 4)).isZero();
        assertThat(machine.count(Counter.FAULT)).isZero();
    }

    @Test
    void mprotect_ofAPart_unlinksTheCallerAlone() {
        start();
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(two.protect(BASE + PAGE, PAGE, PROT_NONE)).isZero();
        assertThat(tableOf(two, BASE)).isNull();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(machine.load(two, BASE + PAGE)).isEqualTo(-SIGSEGV);
        assertThat(machine.store(one, BASE + PAGE, 2)).isZero();
        assertThat(tableOf(two, BASE)).isNull();
    }

    @Test
    void munmapMremapAndMadvise_reachTheCallerAlone() {
        start();
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.store(one, BASE + BLOCK, 2)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(machine.load(two, BASE + BLOCK)).isEqualTo(2);
        assertThat(two.advise(BASE, PAGE, MADV_DONTNEED)).isZero();
        assertThat(tableOf(two, BASE)).isNull();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(tableOf(two, BASE)).isNotNull();
        assertThat(two.unmap(BASE, PAGE)).isZero();
        long elsewhere = BASE + 8 * BLOCK;
        int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
        assertThat(two.remap(new RemapRequest(BASE + BLOCK, BLOCK, BLOCK, flags, elsewhere)))
                .isEqualTo(elsewhere);
        assertThat(machine.load(two, elsewhere)).isEqualTo(2);
        machine.restartCounting();
        assertThat(machine.load(one, BASE)).isEqualTo(1);
        assertThat(machine.load(one, BASE + BLOCK)).isEqualTo(2);
        assertThat(machine.count(Counter.FAULT)).isZero();
        // The table follows the file, not the address.
        assertThat(tableOf(two, elsewhere)).isNotNull().isSameAs(tableOf(one, BASE + BLOCK));
    }

    @Test
    void aPunchedHole_isGoneForAll_byOneChange() {
        start();
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        machine.run(one, 0);
        machine.run(two, 1);
        machine.enter(0);
        machine.restartCounting();
        assertThat(file.punchHole(0, 1)).isZero();
        machine.requireRedeemed();
        assertThat(machine.count(Counter.PTE_WRITE)).isEqualTo(1);
        assertThat(machine.load(one, BASE)).isZero();
        machine.enter(1);
        assertThat(machine.load(two, BASE)).isZero();
        assertThat(tableOf(two, BASE)).isNotNull();
    }

    @Test
    void whatCoversNoBlock_orIsPrivate_isNotShared() {
        start();
        AddressSpace one = machine.process();
        AddressSpace two = machine.process();
        for (AddressSpace space : new AddressSpace[] {one, two}) {
            map(space, BASE, BLOCK - PAGE, RW);
            FileToMap opened = new FileToMap(true, true, true, file);
            long at = BASE + 4 * BLOCK;
            assertThat(space.map(new MapRequest(at, BLOCK, RW, MAP_PRIVATE | MAP_FIXED, opened, 0)))
                    .isEqualTo(at);
            assertThat(machine.store(space, BASE, 1)).isZero();
            assertThat(machine.load(space, at)).isEqualTo(1);
            assertThat(tableOf(space, BASE)).isNull();
            assertThat(tableOf(space, at)).isNull();
        }
    }

    @Test
    void forkedChild_isLinkedByItsFirstFault() {
        start();
        AddressSpace parent = sharer(RW);
        assertThat(machine.store(parent, BASE, 1)).isZero();
        AddressSpace child = requireNonNull(parent.fork());
        assertThat(tableOf(child, BASE)).isNull();
        assertThat(child.fault(BASE, AccessType.STORE)).isEqualTo(new FaultOutcome.Linked());
        assertThat(tableOf(child, BASE)).isNotNull().isSameAs(tableOf(parent, BASE));
    }

    @Test
    void hint_isWaitedFor() {
        start(PagingMode.X86_64_4LEVEL, new CachedTables(vma -> vma.has(VmaTraits.SHARES_TABLES)));
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        assertThat(tableOf(two, BASE)).isNull();
        assertThat(one.advise(BASE, 2 * BLOCK, MADV_SHARE_TABLES)).isZero();
        assertThat(two.advise(BASE, 2 * BLOCK, MADV_SHARE_TABLES)).isZero();
        assertThat(machine.store(one, BASE + BLOCK, 1)).isZero();
        assertThat(machine.load(two, BASE + BLOCK)).isEqualTo(1);
        assertThat(tableOf(two, BASE + BLOCK)).isNotNull();
    }

    @Test
    void hint_isUnknownToMachinesThatShareNothing() {
        AddressSpace space = sharer(RW);
        assertThat(space.advise(BASE, BLOCK, MADV_SHARE_TABLES)).isEqualTo(-EINVAL);
    }

    /// A process that maps a block by one entry has no table page there, and needs none.
    @ParameterizedTest
    @EnumSource
    void superpage_staysWhenTheRightsChangeToThoseOfATable(PagingMode mode) {
        start(mode, new CachedTables(_ -> true));
        machine.context.hugeMemory().setShmem(HugeShmem.ALWAYS);
        AddressSpace huge = sharer(RW);
        assertThat(machine.store(huge, BASE, 5)).isZero();
        assertThat(huge.table().cursor().levelAt(BASE)).isEqualTo(1);
        AddressSpace small = smallPages(PROT_READ);
        assertThat(machine.load(small, BASE)).isEqualTo(5);
        assertThat(small.table().cursor().levelAt(BASE)).isZero();
        assertThat(huge.protect(BASE, BLOCK, PROT_READ)).isZero();
        assertThat(machine.load(huge, BASE)).isEqualTo(5);
        assertThat(machine.store(huge, BASE, 6)).isEqualTo(-SIGSEGV);
        assertThat(huge.table().cursor().levelAt(BASE)).isEqualTo(1);
        assertThat(tableOf(huge, BASE)).isNull();
    }

    @Test
    void superpage_staysWhenAFaultInItFindsATable() {
        start();
        machine.context.hugeMemory().setShmem(HugeShmem.ALWAYS);
        AddressSpace huge = sharer(RW);
        assertThat(machine.store(huge, BASE, 5)).isZero();
        AddressSpace small = smallPages(RW);
        assertThat(machine.load(small, BASE)).isEqualTo(5);
        assertThat(huge.fault(BASE, AccessType.STORE)).isInstanceOf(FaultOutcome.Resolved.class);
        assertThat(huge.table().cursor().levelAt(BASE)).isEqualTo(1);
        assertThat(tableOf(small, BASE)).isNull();
    }

    private AddressSpace smallPages(int prot) {
        AddressSpace space = sharer(prot);
        assertThat(space.advise(BASE, 2 * BLOCK, MADV_NOHUGEPAGE)).isZero();
        return space;
    }

    @Test
    void everyFrameComesBack() {
        start();
        long used = machine.frames.usedFrames();
        AddressSpace one = sharer(RW);
        AddressSpace two = sharer(RW);
        assertThat(machine.store(one, BASE, 1)).isZero();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        one.release();
        assertThat(machine.load(two, BASE)).isEqualTo(1);
        two.release();
        machine.requireRedeemed();
        assertThat(machine.frames.usedFrames()).isEqualTo(used);
    }
}
