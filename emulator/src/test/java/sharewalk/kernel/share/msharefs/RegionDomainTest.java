package sharewalk.kernel.share.msharefs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;

import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FakeHart;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.Translation;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TagRules;

/// Which processes are in the domain of a region, and whom a hart serves from it.
class RegionDomainTest extends RegionFixture {
    private static final int ID_BITS = 12;
    private static final int FIRST_ID = (1 << ID_BITS) - 1;
    private static final int OWN = 7;

    private void useDomains(PagingMode mode) {
        FlushSettings settings = new FlushSettings(
                ID_BITS, RemoteInvalidation.IPI, FlushSettings.KERNEL_CEILING, FlushSettings.DOMAIN_IDS);
        use(new TestMachine(mode, 2, 16 << 20, settings, Set.of(PagingFeature.HARDWARE_UPDATE)));
        initialize(1, 8);
    }

    /// Touches a page of the region; returns the id that tags it, [#OWN] if that is the process's own.
    private int touchedId(AddressSpace space, long virtAddr) {
        assertThat(machine.store(space, virtAddr, 1)).isZero();
        return idOf(space, virtAddr);
    }

    private static int idOf(AddressSpace space, long virtAddr) {
        return space.register(OWN).idOf(virtAddr);
    }

    @ParameterizedTest
    @EnumSource
    void sharersAtOneAddress_haveOneId_fromWhenTheyAreLinked(PagingMode mode) {
        useDomains(mode);
        AddressSpace first = sharer(slot);
        assertThat(idOf(first, slot)).isEqualTo(OWN);
        assertThat(touchedId(first, slot)).isEqualTo(FIRST_ID);
        AddressSpace second = sharer(slot);
        assertThat(idOf(second, slot)).isEqualTo(OWN);
        assertThat(touchedId(second, slot + PAGE)).isEqualTo(FIRST_ID);
        assertThat(idOf(second, slot - PAGE)).isEqualTo(OWN);
        assertThat(idOf(second, 2 * slot)).isEqualTo(OWN);
    }

    @ParameterizedTest
    @EnumSource
    void otherAddress_orOtherRights_isAnotherDomain(PagingMode mode) {
        useDomains(mode);
        assertThat(touchedId(sharer(slot), slot)).isEqualTo(FIRST_ID);
        assertThat(touchedId(sharer(2 * slot), 2 * slot)).isEqualTo(FIRST_ID - 1);
        AddressSpace reader = machine.process();
        assertThat(window(reader, slot, PROT_READ, MAP_SHARED | MAP_FIXED)).isEqualTo(slot);
        assertThat(machine.load(reader, slot)).isEqualTo(1);
        assertThat(idOf(reader, slot)).isEqualTo(FIRST_ID - 2);
    }

    @ParameterizedTest
    @EnumSource
    void forkedChild_joinsByItsFirstFault_andLeavesByItsEnd(PagingMode mode) {
        useDomains(mode);
        AddressSpace parent = sharer(slot);
        assertThat(touchedId(parent, slot)).isEqualTo(FIRST_ID);
        AddressSpace child = Objects.requireNonNull(parent.fork());
        assertThat(idOf(child, slot)).isEqualTo(OWN);
        assertThat(touchedId(child, slot)).isEqualTo(FIRST_ID);
        child.release();
        assertThat(idOf(parent, slot)).isEqualTo(FIRST_ID);
        parent.release();
        assertThat(touchedId(sharer(slot), slot)).isEqualTo(FIRST_ID - 1);
    }

    @ParameterizedTest
    @EnumSource
    void munmapAndMadvise_takeTheRangeAway(PagingMode mode) {
        useDomains(mode);
        AddressSpace space = sharer(slot);
        assertThat(touchedId(sharer(slot), slot)).isEqualTo(FIRST_ID);
        assertThat(touchedId(space, slot)).isEqualTo(FIRST_ID);
        assertThat(space.advise(slot, slot, MADV_DONTNEED)).isZero();
        assertThat(idOf(space, slot)).isEqualTo(OWN);
        assertThat(touchedId(space, slot)).isEqualTo(FIRST_ID);
        assertThat(space.unmap(slot, slot)).isZero();
        assertThat(idOf(space, slot)).isEqualTo(OWN);
        assertThat(space.register(OWN).domains().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void idThatComesAround_isFlushedOnEveryHartFirst(PagingMode mode) {
        useDomains(mode);
        AddressSpace space = sharer(slot);
        for (int id = FIRST_ID; id > FIRST_ID - FlushSettings.DOMAIN_IDS; id--) {
            assertThat(touchedId(space, slot)).isEqualTo(id);
            assertThat(space.advise(slot, slot, MADV_DONTNEED)).isZero();
        }
        machine.restartCounting();
        assertThat(touchedId(space, slot)).isEqualTo(FIRST_ID);
        for (FakeHart hart : machine.harts) {
            assertThat(hart.takeOrders()).contains(new InvalidationScope.Asid(FIRST_ID));
        }
        assertThat(machine.count(Counter.FULL_FLUSH)).isEqualTo(2);
        assertThat(machine.count(Counter.IPI)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void hartServesSharersFromTheDomain_andNobodyElse(PagingMode mode) {
        useDomains(mode);
        AddressSpace first = sharer(slot);
        AddressSpace second = sharer(slot);
        AddressSpace stranger = machine.process();
        assertThat(TestMachine.mapAnonymous(stranger, slot, 1)).isEqualTo(slot);
        assertThat(machine.store(first, slot, 1)).isZero();
        assertThat(machine.store(second, slot, 2)).isZero();
        assertThat(machine.store(stranger, slot, 3)).isZero();

        Counters counters = new Counters();
        Mmu mmu = new Mmu(
                MachineProfile.DEFAULT.withTags(new TagRules(ID_BITS, true, true)),
                mode,
                machine.memory,
                new HartSeed(1, 0),
                QuietPageListener.NONE,
                QuietPageListener.NONE);
        mmu.chargeTo(CounterMap.all(counters));
        long page = load(mmu, first, 1);
        assertThat(load(mmu, second, 2)).isEqualTo(page);
        assertThat(counters.get(Counter.WALK)).isEqualTo(1);
        assertThat(load(mmu, stranger, 3)).isNotEqualTo(page);
        assertThat(counters.get(Counter.WALK)).isEqualTo(2);
        assertThat(second.unmap(slot, slot)).isZero();
        mmu.setSpace(second.register(2));
        assertThat(mmu.translate(slot, AccessType.LOAD)).isNegative();
    }

    private long load(Mmu mmu, AddressSpace space, int asid) {
        mmu.setSpace(space.register(asid));
        long found = mmu.translate(slot, AccessType.LOAD);
        assertThat(found).isNotNegative();
        return Translation.pageAddress(found);
    }
}
