package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MmapFlags.MAP_GROWSDOWN;
import static sharewalk.abi.MmapFlags.MAP_HUGETLB;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapFlags.MAP_SHARED_VALIDATE;
import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.paging.PagingMode;

class MapOperationTest {
    private final TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    private final AddressSpace space = machine.process();

    private long anonymous(long virtAddr, long sizeBytes, int flags) {
        return space.map(MapRequest.anonymous(virtAddr, sizeBytes, RW, flags));
    }

    private long file(FileToMap file, int prot, int flags) {
        return space.map(new MapRequest(0, PAGE, prot, flags, file, 0));
    }

    @Test
    void mappings_goDownFromBelowTheStack_asLinuxWithoutRandomisation() {
        assertThat(mapAnonymous(space, 0, 3)).isEqualTo(0x7fff_f7ff_f000L - 3 * PAGE);
        assertThat(mapAnonymous(space, 0, 1)).isEqualTo(0x7fff_f7ff_f000L - 4 * PAGE);
        AddressSpace riscv = TestMachine.of(PagingMode.SV39).process();
        assertThat(mapAnonymous(riscv, 0, 1)).isEqualTo(0x3f_f800_0000L - PAGE);
    }

    @ParameterizedTest
    @EnumSource(
            value = PagingMode.class,
            names = {"SV57", "X86_64_5LEVEL"})
    void fiveLevels_staysBelow47BitsUnlessAsked(PagingMode mode) {
        boolean x86 = mode == PagingMode.X86_64_5LEVEL;
        long window = (1L << 47) - (x86 ? PAGE : 0);
        AddressSpace wide = TestMachine.of(mode).process();
        assertThat(mapAnonymous(wide, 0, 1)).isEqualTo(window - (128L << 20) - PAGE);
        long beyond = 1L << 50;
        assertThat(wide.map(MapRequest.anonymous(beyond, PAGE, RW, MAP_PRIVATE)))
                .isEqualTo(beyond);
        // The address is taken: x86 looks for another from the top of all addresses, RISC-V below the window.
        long end = (1L << 56) - (x86 ? PAGE : 0);
        assertThat(wide.map(MapRequest.anonymous(beyond, PAGE, RW, MAP_PRIVATE)))
                .isEqualTo(x86 ? end - (128L << 20) - PAGE : window - (128L << 20) - 2 * PAGE);
        // Across the end of the window: refused as a hint on x86, taken on RISC-V.
        long across = (1L << 47) - 0x2000;
        assertThat(wide.map(MapRequest.anonymous(across, 4 * PAGE, RW, MAP_PRIVATE)) == across)
                .isEqualTo(!x86);
    }

    @Test
    void adjacentMappings_alike_becomeOne_andSplitAgain() {
        long high = mapAnonymous(space, 0, 2);
        long low = mapAnonymous(space, 0, 2);
        assertThat(space.mappings()).containsExactly(new MappingRange(low, high + 2 * PAGE, "[anon]"));
        assertThat(space.protect(low + PAGE, PAGE, PROT_READ)).isZero();
        assertThat(space.vmas().size()).isEqualTo(3);
        assertThat(space.protect(low + PAGE, PAGE, RW)).isZero();
        assertThat(space.vmas().size()).isEqualTo(1);
    }

    @Test
    void hint_isTakenWhenFree_elseIgnored() {
        assertThat(anonymous(0x1234_5678L, PAGE, MAP_PRIVATE)).isEqualTo(0x1234_5000L);
        assertThat(anonymous(0x1234_5000L, PAGE, MAP_PRIVATE)).isEqualTo(0x7fff_f7ff_e000L);
        assertThat(anonymous(0x10L, PAGE, MAP_PRIVATE)).isEqualTo(0x7fff_f7ff_d000L);
        assertThat(anonymous(0x1000L, PAGE, MAP_PRIVATE)).isEqualTo(0x1_0000L);
    }

    @Test
    void fixed_replaces_noReplaceRefuses() {
        long at = mapAnonymous(space, 0x10_0000, 4);
        assertThat(machine.store(space, at + PAGE, 7)).isZero();
        assertThat(anonymous(at + PAGE, PAGE, MAP_PRIVATE | MAP_FIXED_NOREPLACE))
                .isEqualTo(-EEXIST);
        assertThat(anonymous(at + PAGE, PAGE, MAP_PRIVATE | MAP_FIXED)).isEqualTo(at + PAGE);
        assertThat(machine.load(space, at + PAGE)).isZero();
        assertThat(anonymous(at + 4 * PAGE, PAGE, MAP_PRIVATE | MAP_FIXED_NOREPLACE))
                .isEqualTo(at + 4 * PAGE);
    }

    @Test
    void wrongArguments_giveLinuxErrors() {
        assertThat(anonymous(0, 0, MAP_PRIVATE)).isEqualTo(-EINVAL);
        assertThat(anonymous(0, -1, MAP_PRIVATE)).isEqualTo(-ENOMEM);
        assertThat(anonymous(0, 1L << 47, MAP_PRIVATE)).isEqualTo(-ENOMEM);
        assertThat(anonymous(0, PAGE, 0)).isEqualTo(-EINVAL);
        assertThat(anonymous(0, PAGE, MAP_SHARED_VALIDATE)).isEqualTo(-EINVAL);
        assertThat(anonymous(0, PAGE, MAP_SHARED | MAP_GROWSDOWN)).isEqualTo(-EINVAL);
        assertThat(anonymous(0x1001, PAGE, MAP_PRIVATE | MAP_FIXED)).isEqualTo(-EINVAL);
        assertThat(anonymous(0x1000, PAGE, MAP_PRIVATE | MAP_FIXED)).isEqualTo(-EPERM);
        assertThat(anonymous(1L << 47, PAGE, MAP_PRIVATE | MAP_FIXED)).isEqualTo(-ENOMEM);
        assertThat(anonymous(0, PAGE, MAP_PRIVATE | MAP_HUGETLB)).isEqualTo(-ENOMEM);
        assertThat(anonymous(0, PAGE, MAP_PRIVATE | MAP_HUGETLB | 3 << 26)).isEqualTo(-EINVAL);
        assertThat(space.unmap(0x1001, PAGE)).isEqualTo(-EINVAL);
        assertThat(space.unmap(0x1000, 0)).isEqualTo(-EINVAL);
        assertThat(space.unmap(0x1000, PAGE)).isZero();
    }

    @Test
    void files_areMappedAsTheyWereOpened() {
        FileStub pages = new FileStub(machine, "/lib/x", PAGE);
        assertThat(file(new FileToMap(true, false, true, pages), RW, MAP_SHARED))
                .isEqualTo(-EACCES);
        assertThat(file(new FileToMap(false, true, true, pages), PROT_READ, MAP_PRIVATE))
                .isEqualTo(-EACCES);
        assertThat(file(new FileToMap(true, true, false, pages), PROT_EXEC, MAP_PRIVATE))
                .isEqualTo(-EPERM);
        assertThat(file(new FileToMap(true, true, true, null), PROT_READ, MAP_PRIVATE))
                .isEqualTo(-ENODEV);
        long readOnly = file(new FileToMap(true, false, true, pages), PROT_READ, MAP_SHARED);
        assertThat(readOnly).isPositive();
        assertThat(space.protect(readOnly, PAGE, RW)).isEqualTo(-EACCES);
        assertThat(file(new FileToMap(true, false, true, pages), RW, MAP_PRIVATE))
                .isPositive();
        assertThat(space.mappings()).extracting(MappingRange::label).containsOnly("/lib/x");
    }

    @Test
    void fileKeepsItsMapping_untilTheLastAreaIsGone() {
        FileStub pages = new FileStub(machine, "/f", 3 * PAGE);
        long at = TestMachine.mapFile(space, pages, MAP_SHARED, RW, 3);
        assertThat(space.unmap(at + PAGE, PAGE)).isZero();
        assertThat(space.unmap(at, PAGE)).isZero();
        assertThat(pages.reverseMap.isEmpty()).isFalse();
        assertThat(space.unmap(at, 3 * PAGE)).isZero();
        assertThat(pages.reverseMap.isEmpty()).isTrue();
    }

    @Test
    void heap_growsShrinks_andStopsBelowTheNextMapping() {
        space.startHeap(0x50_0000);
        assertThat(space.brk(0)).isEqualTo(0x50_0000);
        assertThat(space.brk(0x50_2345)).isEqualTo(0x50_2345);
        assertThat(space.mappings()).containsExactly(new MappingRange(0x50_0000, 0x50_3000, "[heap]"));
        assertThat(machine.store(space, 0x50_2000, 9)).isZero();
        assertThat(space.brk(0x50_1000)).isEqualTo(0x50_1000);
        assertThat(space.brk(0x50_3000)).isEqualTo(0x50_3000);
        assertThat(machine.load(space, 0x50_2000)).isZero();
        assertThat(mapAnonymous(space, 0x50_5000, 1)).isEqualTo(0x50_5000);
        assertThat(space.brk(0x50_5000)).isEqualTo(0x50_3000);
        assertThat(space.brk(0x50_4000)).isEqualTo(0x50_4000);
    }

    @Test
    void stackGuardGap_isLeftFree() {
        long stack = anonymous(0x1000_0000L, PAGE, MAP_PRIVATE | MAP_GROWSDOWN | MAP_ANONYMOUS);
        assertThat(anonymous(stack - PAGE, PAGE, MAP_PRIVATE)).isNotEqualTo(stack - PAGE);
        long below = stack - Layout.STACK_GUARD_GAP - PAGE;
        assertThat(anonymous(below, PAGE, MAP_PRIVATE)).isEqualTo(below);
    }

    @Test
    void executableMappings_giveAFreshCodeImage() {
        Object before = space.codeImage();
        assertThat(mapAnonymous(space, 0, 1)).isPositive();
        assertThat(space.codeImage()).isSameAs(before);
        long code = space.map(MapRequest.anonymous(0, PAGE, RW | PROT_EXEC, MAP_PRIVATE));
        Object mapped = space.codeImage();
        assertThat(mapped).isNotSameAs(before);
        assertThat(machine.store(space, code, 1)).isZero();
        Object written = space.codeImage();
        assertThat(written).isNotSameAs(mapped);
        assertThat(machine.store(space, code, 2)).isZero();
        assertThat(space.codeImage()).isSameAs(written);
    }
}
