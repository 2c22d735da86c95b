package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.SharedSubtree;

/// Who is told of a change below a shared table.
class SharerShootdownTest {
    private static final long AT = 0x4000_0000L;
    private static final long OTHER_AT = 0x5000_0000L;

    private static long flushed(FakeHart hart, int id, long start, long end) {
        return hart.takeOrders().stream()
                .filter(order -> switch (order) {
                    case InvalidationScope.All _ -> true;
                    case InvalidationScope.Asid(int asid) -> asid == id;
                    case InvalidationScope.Page(int asid, long virtAddr, boolean _) ->
                        asid == id && virtAddr <= start && virtAddr + PAGE >= end;
                    case InvalidationScope.Range(int asid, long from, long to, boolean _) ->
                        asid == id && from <= start && to >= end;
                })
                .count();
    }

    /// Maps a page in `first` and attaches the table that translates it to `second`, at another address.
    private static SharedSubtree share(TestMachine machine, AddressSpace first, AddressSpace second) {
        assertThat(mapAnonymous(first, AT, 1)).isEqualTo(AT);
        assertThat(mapAnonymous(second, OTHER_AT, 1)).isEqualTo(OTHER_AT);
        machine.run(first, 0);
        assertThat(machine.store(first, AT, 7)).isZero();
        SharedSubtree subtree = first.shareTable(AT, 0);
        machine.context.shootdown().redeemUnseen(second.table().cursor().attach(OTHER_AT, subtree));
        return subtree;
    }

    @ParameterizedTest
    @EnumSource
    void changeBelowASharedTable_reachesEachSharerAtItsOwnAddressAndId(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace first = machine.process();
        AddressSpace second = machine.process();
        SharedSubtree subtree = share(machine, first, second);
        machine.run(second, 1);
        assertThat(machine.load(second, OTHER_AT)).isEqualTo(7);
        int secondId = machine.idOf(second);
        machine.run(first, 0);
        machine.restartCounting();

        machine.context
                .shootdown()
                .redeem(
                        first,
                        first.table()
                                .cursor()
                                .edit(
                                        AT,
                                        (_, pte, _) -> mode.format()
                                                .withPermissions(
                                                        pte,
                                                        machine.context.rules().permissions(PROT_READ))),
                        FlushCause.MPROTECT);
        assertThat(flushed(machine.harts.get(1), secondId, OTHER_AT, OTHER_AT + PAGE))
                .isEqualTo(1);
        assertThat(flushed(machine.harts.getFirst(), machine.idOf(first), AT, AT + PAGE))
                .isEqualTo(1);
        assertThat(machine.count(Counter.SHARER_VISIT)).isEqualTo(1);
        assertThat(machine.harts.get(1).remembered(secondId, OTHER_AT)).isNull();
        assertThat(subtree.attachments()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void changeOfAnOwnTable_visitsNoSharer(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace first = machine.process();
        AddressSpace second = machine.process();
        SharedSubtree subtree = share(machine, first, second);
        machine.context.shootdown().redeemUnseen(second.table().cursor().detach(OTHER_AT));
        machine.restartCounting();
        assertThat(first.protect(AT, PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.SHARER_VISIT)).isZero();
        assertThat(subtree.attachments()).hasSize(1);
    }

    /// A region whose level-0 tables are attached, and whose sharers are told one by one.
    @ParameterizedTest
    @EnumSource
    void regionThatWalksItsSharers_tellsThoseAttachedAndNobodyElse(PagingMode mode) {
        TestMachine machine = new TestMachine(mode, 3, 16 << 20);
        AddressSpace region = AddressSpace.createRegion(machine.context, AT, "walked", 0, FlushReach.SHARERS);
        region.setRegionEnd(AT + (4L << 20));
        FileStub file = new FileStub(machine, "file", 4 * PAGE);
        assertThat(region.map(new MapRequest(
                        AT, 4 * PAGE, RW, MAP_SHARED | MAP_FIXED, new FileToMap(true, true, true, file), 0)))
                .isEqualTo(AT);
        Vma vma = region.vmas().all().iterator().next();
        assertThat(region.resolve(vma, AT, AccessType.STORE).isRetry()).isTrue();
        SharedSubtree subtree = requireNonNull(region.table().cursor().attachedAt(AT));
        assertThat(subtree.level()).isZero();
        assertThat(region.gauges().shared().current()).isEqualTo(PAGE);

        List<AddressSpace> sharers = List.of(machine.process(), machine.process());
        for (int i = 0; i < 2; i++) {
            machine.run(sharers.get(i), i);
            machine.context
                    .shootdown()
                    .redeemUnseen(sharers.get(i).table().cursor().attach(AT << i, subtree));
        }
        AddressSpace stranger = machine.process();
        machine.run(stranger, 2);
        machine.run(sharers.getFirst(), 0);
        machine.restartCounting();

        assertThat(region.unmap(AT, PAGE)).isZero();
        for (int i = 0; i < 2; i++) {
            machine.enter(i);
            assertThat(flushed(machine.harts.get(i), machine.idOf(sharers.get(i)), AT << i, (AT << i) + PAGE))
                    .isEqualTo(1);
        }
        assertThat(machine.harts.get(2).takeOrders()).isEmpty();
        assertThat(machine.count(Counter.SHARER_VISIT)).isEqualTo(2);
        machine.requireRedeemed();
        for (int i = 0; i < 2; i++) {
            machine.context
                    .shootdown()
                    .redeemUnseen(sharers.get(i).table().cursor().detach(AT << i));
        }
        region.release();
    }
}
