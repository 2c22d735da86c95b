package sharewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.MemoryType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;

/// Intel SDM 3A, 4.5 to 4.8: the walk of 4-level and 5-level paging, case by case. Bits are spelled out here.
@ParameterizedClass
@EnumSource(
        value = PagingMode.class,
        names = {"X86_64_4LEVEL", "X86_64_5LEVEL"})
final class X86WalkTest {
    private static final long P = 1;
    private static final long RW = 2;
    private static final long US = 4;
    private static final long PWT = 8;
    private static final long PCD = 16;
    private static final long A = 32;
    private static final long D = 64;
    private static final long PS = 128;
    private static final long G = 256;
    private static final long PAT = 1L << 12;
    private static final long XD = 1L << 63;

    private static final long VIRT = 0x1234_5678_7000L;

    private final PagingMode paging;
    private final int levels;

    /// The first reserved bit of an address: MAXPHYADDR is 46 with 4 levels and 52 with 5.
    private final int maxPhysAddr;

    private final RawTables tables;
    private final long root;
    private final WalkResult result = new WalkResult();
    private final PageWalker walker;

    X86WalkTest(PagingMode paging) {
        this.paging = paging;
        levels = paging == PagingMode.X86_64_5LEVEL ? 5 : 4;
        maxPhysAddr = levels == 5 ? 52 : 46;
        tables = new RawTables(paging, 4 << 20);
        root = tables.newFrame();
        walker = walker(Set.of(PagingFeature.GIB_PAGES));
    }

    private PageWalker walker(Set<PagingFeature> features) {
        return PageWalker.of(
                paging,
                tables.memory(),
                new PageWalkCache(WalkerProfile.NO_CACHES, paging, new HartSeed(1, 0)),
                features);
    }

    private WalkFault walk(AccessType access, WalkMode mode) {
        walker.walk(root, VIRT, access, mode, result);
        return result.fault();
    }

    @CanIgnoreReturnValue
    private long put(int level, long entry) {
        return tables.put(root, VIRT, level, entry);
    }

    @Test
    void walk_readsAnEntryOfEveryLevelFromTheRootDown() {
        long leaf = put(0, tables.entry(99, P | US));
        walker.walk(root, VIRT | 0xABC, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.steps()).isEqualTo(levels);
        assertThat(result.entryAddress(0)).isEqualTo((root << 12) + (VIRT >>> (12 + 9 * (levels - 1)) & 511) * 8);
        assertThat(result.entryAddress(levels - 1)).isEqualTo(leaf);
        assertThat(result.physAddr()).isEqualTo(99 << 12 | 0xABC);
        assertThat(result.level()).isZero();
    }

    static Stream<Arguments> entries() {
        long user = P | RW | US;
        return Stream.of(
                Arguments.of("P=0, all else set", 0, ~P, WalkFault.NOT_PRESENT),
                Arguments.of("P=0 in the PML4E", 3, ~P, WalkFault.NOT_PRESENT),
                Arguments.of("ignored bits 62:52", 0, user | 0x7FFL << 52, WalkFault.NONE),
                Arguments.of("ignored bits 11:9", 0, user | 7L << 9, WalkFault.NONE),
                Arguments.of("PWT, PCD, PAT of a PTE", 0, user | PWT | PCD | PS, WalkFault.NONE),
                Arguments.of("PDE that points outside RAM", 1, user | 1L << 45, WalkFault.BAD_PHYSICAL),
                Arguments.of("PS in a PML4E", 3, user | PS, WalkFault.RESERVED_BIT),
                Arguments.of("2 MiB page", 1, user | PS, WalkFault.NONE),
                Arguments.of("2 MiB page with PAT", 1, user | PS | PAT, WalkFault.NONE),
                Arguments.of("2 MiB page, bit 13", 1, user | PS | 1L << 13, WalkFault.RESERVED_BIT),
                Arguments.of("2 MiB page, bit 20", 1, user | PS | 1L << 20, WalkFault.RESERVED_BIT),
                Arguments.of("2 MiB page, bit 21", 1, user | PS | 1L << 21, WalkFault.NONE),
                Arguments.of("2 MiB page outside RAM", 1, user | PS | 1L << 22, WalkFault.BAD_PHYSICAL),
                Arguments.of("1 GiB page outside RAM", 2, user | PS | 1L << 30, WalkFault.BAD_PHYSICAL),
                Arguments.of("1 GiB page, bit 29", 2, user | PS | 1L << 29, WalkFault.RESERVED_BIT),
                Arguments.of("1 GiB page, bit 13", 2, user | PS | 1L << 13, WalkFault.RESERVED_BIT),
                Arguments.of("reserved bit and no right", 1, P | PS | 1L << 13, WalkFault.RESERVED_BIT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void entries(String name, int level, long entry, WalkFault expected) {
        long address = put(level, entry);
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE)).as(name).isEqualTo(expected);
        if (expected == WalkFault.NONE) {
            assertThat(result.entryAddress(levels - 1 - level)).isEqualTo(address);
            assertThat(result.pageShift()).isEqualTo(12 + 9 * level);
            assertThat(result.memoryType()).isEqualTo(MemoryType.PMA);
            long pageMask = (1L << (12 + 9 * level)) - 1;
            long frame = entry & ((1L << 46) - 1) & ~pageMask;
            assertThat(result.physAddr()).isEqualTo(frame | (VIRT & pageMask));
        } else {
            assertThat(tables.memory().read64(address)).isEqualTo(entry);
        }
    }

    /// Tables 4-14 to 4-20: an address bit from MAXPHYADDR up in an entry of any level, with and without PS.
    @Test
    void addressBitsFromMaxPhysAddrUpAreReserved() {
        for (int level = 0; level < levels; level++) {
            for (long size : new long[] {0, PS}) {
                for (int bit = 40; bit < 52; bit++) {
                    put(level, P | RW | US | size | 1L << bit);
                    boolean reserved = bit >= maxPhysAddr || (size != 0 && level > 2);
                    assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE))
                            .as("bit %d of level %d", bit, level)
                            .isEqualTo(reserved ? WalkFault.RESERVED_BIT : WalkFault.BAD_PHYSICAL);
                }
                put(level, 0);
            }
        }
    }

    /// Tables 4-14 and 4-15: PS is reserved in a PML5E and a PML4E; in a PDPTE where there are no 1 GiB pages.
    @Test
    void pageSizeBitIsReservedWhereNoPageIsSoLarge() {
        for (int level = 1; level < levels; level++) {
            put(level, P | RW | US | PS);
            // The address lies within the RAM of its 2 MiB, but not of its 1 GiB.
            WalkFault allowed = level == 1 ? WalkFault.NONE : WalkFault.BAD_PHYSICAL;
            assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE))
                    .isEqualTo(level > 2 ? WalkFault.RESERVED_BIT : allowed);
            walker(Set.of()).walk(root, VIRT, AccessType.LOAD, WalkMode.USER_MODE, result);
            assertThat(result.fault()).isEqualTo(level > 1 ? WalkFault.RESERVED_BIT : allowed);
            put(level, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void xdIsReservedWithoutNxe(int level) {
        if (level > 0) {
            put(0, tables.entry(9, P | RW | US));
        }
        long address = level == 0 ? put(0, tables.entry(9, P | RW | US)) : tables.entryAddress(root, VIRT, level);
        tables.memory().write64(address, tables.memory().read64(address) | XD);
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE)).isEqualTo(WalkFault.NONE);
        assertThat(walk(AccessType.FETCH, WalkMode.USER_MODE)).isEqualTo(WalkFault.PROTECTION);
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE.without(WalkMode.NO_EXECUTE)))
                .isEqualTo(WalkFault.RESERVED_BIT);
    }

    private static final int[] MODES = {
        WalkMode.USER,
        WalkMode.USER | WalkMode.WRITE_PROTECT,
        0,
        WalkMode.WRITE_PROTECT,
        WalkMode.WRITE_PROTECT | WalkMode.SUPERVISOR_USER_DATA,
        WalkMode.WRITE_PROTECT | WalkMode.SUPERVISOR_USER_FETCH,
        WalkMode.SUPERVISOR_USER_DATA | WalkMode.SUPERVISOR_USER_FETCH
    };

    /// 4.6: R/W, U/S and XD of all levels, every access, CR0.WP, SMAP and SMEP.
    @Test
    void rights_everyCombinationOfEveryLevel() {
        put(0, tables.entry(9, P));
        long[] addresses = new long[levels];
        long[] frames = new long[levels];
        for (int level = 0; level < levels; level++) {
            addresses[level] = tables.entryAddress(root, VIRT, level);
            frames[level] = tables.memory().read64(addresses[level]) & -4096;
        }
        for (int combination = 0; combination < 1 << (3 * levels); combination++) {
            boolean writable = true;
            boolean user = true;
            boolean executable = true;
            for (int level = 0; level < levels; level++) {
                int bits = combination >>> (3 * level) & 7;
                writable &= (bits & 1) != 0;
                user &= (bits & 2) != 0;
                executable &= (bits & 4) != 0;
                long entry = frames[level]
                        | P
                        | ((bits & 1) != 0 ? RW : 0)
                        | ((bits & 2) != 0 ? US : 0)
                        | ((bits & 4) != 0 ? 0 : XD);
                tables.memory().write64(addresses[level], entry);
            }
            for (int flags : MODES) {
                WalkMode mode = new WalkMode(flags | WalkMode.NO_EXECUTE | WalkMode.HARDWARE_UPDATE);
                for (AccessType access : AccessType.values()) {
                    boolean expected = allowed(writable, user, executable, flags, access);
                    WalkFault fault = walk(access, mode);
                    if (fault != (expected ? WalkFault.NONE : WalkFault.PROTECTION)) {
                        assertThat(fault)
                                .as("combination %x flags %x %s", combination, flags, access)
                                .isEqualTo(expected ? WalkFault.NONE : WalkFault.PROTECTION);
                    }
                }
            }
        }
    }

    /// 4.6.1, sentence by sentence; supervisor-mode accesses are explicit ones with EFLAGS.AC = 0.
    private static boolean allowed(boolean writable, boolean user, boolean executable, int flags, AccessType access) {
        if ((flags & WalkMode.USER) != 0) {
            return user
                    && switch (access) {
                        case LOAD -> true;
                        case STORE -> writable;
                        case FETCH -> executable;
                    };
        }
        boolean dataReachable = !user || (flags & WalkMode.SUPERVISOR_USER_DATA) != 0;
        boolean writeProtect = (flags & WalkMode.WRITE_PROTECT) != 0;
        return switch (access) {
            case LOAD -> dataReachable;
            case STORE -> dataReachable && (writable || !writeProtect);
            case FETCH -> executable && (!user || (flags & WalkMode.SUPERVISOR_USER_FETCH) != 0);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void flags_accessedInEveryEntryUsedDirtyInTheLeafOnly(int leafLevel) {
        long leaf = put(leafLevel, P | RW | US | (leafLevel == 1 ? PS : 0));
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE)).isEqualTo(WalkFault.NONE);
        for (int level = leafLevel; level < levels; level++) {
            long entry = tables.memory().read64(tables.entryAddress(root, VIRT, level));
            assertThat(entry & (A | D)).as("level %d", level).isEqualTo(A);
        }
        assertThat(result.isDirty()).isFalse();
        assertThat(walk(AccessType.STORE, WalkMode.USER_MODE)).isEqualTo(WalkFault.NONE);
        assertThat(result.isDirty()).isTrue();
        assertThat(result.pte() & D).isNotZero();
        assertThat(tables.memory().read64(leaf) & (A | D)).isEqualTo(A | D);
        long above = tables.entryAddress(root, VIRT, leafLevel + 1);
        assertThat(tables.memory().read64(above) & (A | D)).isEqualTo(A);
    }

    @Test
    void flags_areNotSetByFaultingOrPureWalk() {
        put(0, P | US);
        long top = tables.entryAddress(root, VIRT, 3);
        assertThat(walk(AccessType.STORE, WalkMode.USER_MODE)).isEqualTo(WalkFault.PROTECTION);
        assertThat(tables.memory().read64(top) & A).isZero();
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE.with(WalkMode.PURE)))
                .isEqualTo(WalkFault.NONE);
        assertThat(tables.memory().read64(top) & A).isZero();
    }

    @Test
    void global_isOfTheLeafOnlyAndNeedsPge() {
        put(0, P | US | G);
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE)).isEqualTo(WalkFault.NONE);
        assertThat(result.isGlobal()).isTrue();
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE.without(WalkMode.GLOBAL_PAGES)))
                .isEqualTo(WalkFault.NONE);
        assertThat(result.isGlobal()).isFalse();
        put(0, P | US);
        long above = tables.entryAddress(root, VIRT, 1);
        tables.memory().write64(above, tables.memory().read64(above) | G);
        assertThat(walk(AccessType.LOAD, WalkMode.USER_MODE)).isEqualTo(WalkFault.NONE);
        assertThat(result.isGlobal()).isFalse();
    }

    @Test
    void nonCanonical_readsNothing() {
        int highest = 12 + 9 * levels - 1;
        walker.walk(root, 1L << highest, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.fault()).isEqualTo(WalkFault.NON_CANONICAL);
        assertThat(result.steps()).isZero();
        walker.walk(root, -1L << highest, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.fault()).isEqualTo(WalkFault.NOT_PRESENT);
    }
}
