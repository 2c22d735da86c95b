package sharewalk.kernel.share.msharefs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.mmu.paging.PagingMode;

/// A machine with one region, and what tests of regions do again and again.
abstract class RegionFixture {
    static final int ANON = MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS;

    TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    MshareRegion region = MshareRegion.create(machine.context, "/region", Rules.POSTED);
    long slot = region.memory().slotBytes();

    void use(PagingMode mode) {
        use(TestMachine.of(mode));
    }

    void use(TestMachine newMachine) {
        machine = newMachine;
        region = MshareRegion.create(machine.context, "/region", Rules.POSTED);
        slot = region.memory().slotBytes();
    }

    long create(long offset, long pages, int prot, int flags) {
        return region.createMapping(new CreateRequest(offset, pages * PAGE, 0, prot, flags, -1), null);
    }

    long unmap(long offset, long pages) {
        return region.unmap(new UnmapRequest(offset, pages * PAGE));
    }

    long window(AddressSpace space, long virtAddr, int prot, int flags) {
        return window(space, virtAddr, prot, flags, region.sizeBytes());
    }

    long window(AddressSpace space, long virtAddr, int prot, int flags, long sizeBytes) {
        FileToMap file = new FileToMap(true, true, true, region.window());
        return space.map(new MapRequest(virtAddr, sizeBytes, prot, flags, file, 0));
    }

    /// Returns a process with the whole region at a place of its own choice.
    AddressSpace sharer(long virtAddr) {
        AddressSpace space = machine.process();
        assertThat(window(space, virtAddr, RW, MAP_SHARED | MAP_FIXED)).isEqualTo(virtAddr);
        return space;
    }

    void initialize(long slots, long pages) {
        assertThat(region.setSize(slots * slot)).isZero();
        assertThat(create(0, pages, RW, ANON)).isZero();
    }

    long createFrom(@Nullable MapSource source, boolean writable, long offset, int flags) {
        CreateRequest request = new CreateRequest(0, PAGE, offset, RW, flags, 3);
        return region.createMapping(request, new FileToMap(true, writable, true, source));
    }
}
