package sharewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;

/// RISC-V Privileged Architecture 20250508, 12.3.2 "Virtual Address Translation Process", step by step, for Sv39, Sv48
/// and Sv57. Bits are spelled out here.
final class WalkStepsTest {
    private static final long V = 1;
    private static final long R = 2;
    private static final long W = 4;
    private static final long X = 8;
    private static final long U = 16;
    private static final long G = 32;
    private static final long A = 64;
    private static final long D = 128;
    private static final long URW = V | R | W | U | A | D;

    private static final long VIRT = 0x12_3456_7000L;
    private static final int RAM_BYTES = 1 << 20;
    private static final List<PagingMode> MODES = List.of(PagingMode.SV39, PagingMode.SV48, PagingMode.SV57);

    private final WalkResult result = new WalkResult();

    private static PageWalker walker(RawTables tables) {
        return PageWalker.of(
                tables.paging(),
                tables.memory(),
                new PageWalkCache(WalkerProfile.NO_CACHES, tables.paging(), new HartSeed(1, 0)),
                Set.of());
    }

    /// Walks with one entry of `level` in place and returns the cause.
    private WalkFault walkOver(RawTables tables, int level, long entry, AccessType access, WalkMode mode) {
        long root = tables.newFrame();
        tables.put(root, VIRT, level, entry);
        walker(tables).walk(root, VIRT, access, mode, result);
        return result.fault();
    }

    private static RawTables sv39() {
        return new RawTables(PagingMode.SV39, RAM_BYTES);
    }

    @ParameterizedTest
    @FieldSource("MODES")
    void steps1to2_readOneEntryPerLevelFromTheRootDown(PagingMode paging) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        long leaf = tables.put(root, VIRT, 0, tables.entry(99, URW));
        walker(tables).walk(root, VIRT | 0xABC, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.fault()).isEqualTo(WalkFault.NONE);
        assertThat(result.steps()).isEqualTo(paging.levels());
        assertThat(result.entryAddress(0))
                .isEqualTo((root << 12) + (VIRT >>> (12 + 9 * (paging.levels() - 1)) & 511) * 8);
        assertThat(result.entryAddress(paging.levels() - 1)).isEqualTo(leaf);
        assertThat(result.entryLevel(0)).isEqualTo(paging.levels() - 1);
        assertThat(result.level()).isZero();
        assertThat(result.physAddr()).isEqualTo(99 << 12 | 0xABC);
    }

    @Test
    void step2_tableOutsideRamIsBadPhysical() {
        RawTables tables = sv39();
        assertThat(walkOver(tables, 2, tables.entry(RAM_BYTES >>> 12, V), AccessType.LOAD, WalkMode.USER_MODE))
                .isEqualTo(WalkFault.BAD_PHYSICAL);
        assertThat(result.steps()).isEqualTo(1);
    }

    static Stream<Arguments> step3() {
        return Stream.of(
                Arguments.of("v=0", 0L, WalkFault.NOT_PRESENT),
                Arguments.of("v=0, all else set", 0xFEL, WalkFault.NOT_PRESENT),
                Arguments.of("v=0 and reserved bits", 1L << 60, WalkFault.NOT_PRESENT),
                Arguments.of("w without r", V | W | U | A | D, WalkFault.RESERVED_BIT),
                Arguments.of("wx without r", V | W | X | U | A | D, WalkFault.RESERVED_BIT),
                Arguments.of("bit 54", URW | 1L << 54, WalkFault.RESERVED_BIT),
                Arguments.of("bit 60", URW | 1L << 60, WalkFault.RESERVED_BIT),
                Arguments.of("Svpbmt 61", URW | 1L << 61, WalkFault.RESERVED_BIT),
                Arguments.of("Svpbmt 62", URW | 1L << 62, WalkFault.RESERVED_BIT),
                Arguments.of("Svnapot", URW | 1L << 63, WalkFault.RESERVED_BIT),
                Arguments.of("software bits", URW | 3L << 8, WalkFault.NONE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void step3(String name, long bits, WalkFault expected) {
        for (PagingMode paging : MODES) {
            for (int level = 0; level < paging.levels(); level++) {
                // A superpage at frame 0 passes this step, but reaches beyond so small a RAM at this address.
                boolean beyondRam = expected == WalkFault.NONE && level > 0;
                RawTables tables = new RawTables(paging, RAM_BYTES);
                assertThat(walkOver(tables, level, bits, AccessType.LOAD, WalkMode.USER_MODE))
                        .as("%s at level %d of %s", name, level, paging)
                        .isEqualTo(beyondRam ? WalkFault.BAD_PHYSICAL : expected);
                assertThat(result.steps()).isEqualTo(paging.levels() - level);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODES")
    void step3_pointerWithUAOrDIsFault(PagingMode paging) {
        for (long bit : new long[] {U, A, D}) {
            RawTables tables = new RawTables(paging, RAM_BYTES);
            assertThat(walkOver(tables, 1, tables.entry(5, V | bit), AccessType.LOAD, WalkMode.USER_MODE))
                    .isEqualTo(WalkFault.RESERVED_BIT);
            assertThat(result.steps()).isEqualTo(paging.levels() - 1);
        }
    }

    @ParameterizedTest
    @FieldSource("MODES")
    void step4_pointerAtLevel0IsFault(PagingMode paging) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        assertThat(walkOver(tables, 0, tables.entry(5, V), AccessType.LOAD, WalkMode.USER_MODE))
                .isEqualTo(WalkFault.RESERVED_BIT);
        assertThat(result.steps()).isEqualTo(paging.levels());
    }

    static Stream<Arguments> step5() {
        return Stream.of(
                Arguments.of(PagingMode.SV39, 0, 3L, WalkFault.NONE),
                Arguments.of(PagingMode.SV39, 1, 512L, WalkFault.BAD_PHYSICAL),
                Arguments.of(PagingMode.SV39, 1, 0L, WalkFault.NONE),
                Arguments.of(PagingMode.SV39, 1, 1L, WalkFault.MISALIGNED_SUPERPAGE),
                Arguments.of(PagingMode.SV39, 1, 256L, WalkFault.MISALIGNED_SUPERPAGE),
                Arguments.of(PagingMode.SV39, 2, 0L, WalkFault.BAD_PHYSICAL),
                Arguments.of(PagingMode.SV39, 2, 512L, WalkFault.MISALIGNED_SUPERPAGE),
                Arguments.of(PagingMode.SV48, 3, 1L << 18, WalkFault.MISALIGNED_SUPERPAGE),
                Arguments.of(PagingMode.SV48, 3, 1L << 27, WalkFault.BAD_PHYSICAL));
    }

    /// The address lies 0x167 pages into its 2 MiB, far beyond the RAM of 256 pages in its 1 GiB.
    @ParameterizedTest
    @MethodSource
    void step5(PagingMode paging, int level, long pfn, WalkFault expected) {
        RawTables tables = new RawTables(paging, 0x200 << 12);
        assertThat(walkOver(tables, level, tables.entry(pfn, URW), AccessType.LOAD, WalkMode.USER_MODE))
                .isEqualTo(expected);
        assertThat(result.level()).isEqualTo(level);
        if (expected == WalkFault.NONE) {
            long offset = level == 0 ? 0 : VIRT & 0x1F_FFFF;
            assertThat(result.physAddr()).isEqualTo((pfn << 12) + offset);
        }
    }

    private static final int[] WALK_MODES = {
        WalkMode.USER,
        WalkMode.USER | WalkMode.MAKE_EXECUTABLE_READABLE,
        WalkMode.USER | WalkMode.SUPERVISOR_USER_DATA,
        0,
        WalkMode.SUPERVISOR_USER_DATA,
        WalkMode.MAKE_EXECUTABLE_READABLE,
        WalkMode.SUPERVISOR_USER_DATA | WalkMode.MAKE_EXECUTABLE_READABLE
    };

    /// Every leaf (R, W, X, U, A, D), every access, every mode, with Svadu and Svade.
    @ParameterizedTest
    @FieldSource("MODES")
    void steps6to10_everyPermissionCombination(PagingMode paging) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        long address = tables.entryAddress(root, VIRT, 0);
        PageWalker walker = walker(tables);
        int permitted = 0;
        for (long bits = V; bits < 256; bits += 2) {
            boolean pointerOrReserved = (bits & (R | X)) == 0 || (bits & (R | W)) == W;
            if ((bits & G) != 0 || pointerOrReserved) {
                continue;
            }
            for (int flags : WALK_MODES) {
                for (AccessType access : AccessType.values()) {
                    for (int update : new int[] {0, WalkMode.HARDWARE_UPDATE}) {
                        long entry = tables.entry(77, bits);
                        tables.memory().write64(address, entry);
                        boolean allowed = allowed(bits, flags, access);
                        long wanted = bits | A | (access == AccessType.STORE ? D : 0);
                        boolean expected = allowed && (update != 0 || wanted == bits);
                        WalkMode mode = new WalkMode(flags | update | WalkMode.WRITE_PROTECT);
                        walker.walk(root, VIRT, access, mode, result);
                        assertThat(result.fault())
                                .as("bits %x flags %x %s", bits, flags, access)
                                .isEqualTo(expected ? WalkFault.NONE : WalkFault.PROTECTION);
                        assertThat(tables.memory().read64(address))
                                .isEqualTo(expected ? tables.entry(77, wanted) : entry);
                        assertThat(result.entry(paging.rootLevel())).isEqualTo(entry);
                        permitted += expected ? 1 : 0;
                    }
                }
            }
        }
        assertThat(permitted).isGreaterThan(100);
    }

    /// The manual's sentences about U, SUM, MXR and R, W, X.
    private static boolean allowed(long bits, int flags, AccessType access) {
        boolean user = (flags & WalkMode.USER) != 0;
        if (user && (bits & U) == 0) {
            return false;
        }
        if (!user && (bits & U) != 0) {
            boolean sum = (flags & WalkMode.SUPERVISOR_USER_DATA) != 0;
            if (access == AccessType.FETCH || !sum) {
                return false;
            }
        }
        boolean mxr = (flags & WalkMode.MAKE_EXECUTABLE_READABLE) != 0;
        return switch (access) {
            case LOAD -> (bits & R) != 0 || (mxr && (bits & X) != 0);
            case STORE -> (bits & W) != 0;
            case FETCH -> (bits & X) != 0;
        };
    }

    /// The page fault of step 9 comes before the access that would leave RAM, which comes before any bit is set.
    @Test
    void step9_missingAccessedBitFaultsBeforeTheAccessItself() {
        long leaf = V | R | W | U;
        RawTables tables = sv39();
        long entry = tables.entry(RAM_BYTES >>> 12, leaf);
        WalkMode svade = WalkMode.USER_MODE.without(WalkMode.HARDWARE_UPDATE);
        assertThat(walkOver(tables, 0, entry, AccessType.LOAD, svade)).isEqualTo(WalkFault.PROTECTION);
        assertThat(walkOver(tables, 0, entry | A, AccessType.LOAD, svade)).isEqualTo(WalkFault.BAD_PHYSICAL);
        assertThat(walkOver(tables, 0, entry | A, AccessType.STORE, svade)).isEqualTo(WalkFault.PROTECTION);
        assertThat(walkOver(tables, 0, entry, AccessType.STORE, WalkMode.USER_MODE))
                .isEqualTo(WalkFault.BAD_PHYSICAL);
        assertThat(tables.memory().read64(result.entryAddress(2))).isEqualTo(entry);
    }

    @Test
    void step9_pureWalkSetsNothingAndAnswersTheSame() {
        RawTables tables = sv39();
        long entry = tables.entry(77, V | R | W | U);
        long root = tables.newFrame();
        long address = tables.put(root, VIRT, 0, entry);
        WalkMode pure = WalkMode.USER_MODE.with(WalkMode.PURE);
        walker(tables).walk(root, VIRT, AccessType.STORE, pure, result);
        assertThat(result.isTranslated()).isTrue();
        assertThat(result.isDirty()).isTrue();
        assertThat(tables.memory().read64(address)).isEqualTo(entry);
    }

    static Stream<Arguments> canonical() {
        return Stream.of(
                Arguments.of(PagingMode.SV39, (1L << 38) - 1, true),
                Arguments.of(PagingMode.SV39, 1L << 38, false),
                Arguments.of(PagingMode.SV39, -1L << 38, true),
                Arguments.of(PagingMode.SV39, (-1L << 38) - 1, false),
                Arguments.of(PagingMode.SV39, 1L << 63, false),
                Arguments.of(PagingMode.SV48, 1L << 38, true),
                Arguments.of(PagingMode.SV48, 1L << 47, false),
                Arguments.of(PagingMode.SV48, -1L << 47, true),
                Arguments.of(PagingMode.SV57, 1L << 47, true),
                Arguments.of(PagingMode.SV57, (1L << 56) - 1, true),
                Arguments.of(PagingMode.SV57, 1L << 56, false),
                Arguments.of(PagingMode.SV57, -1L << 56, true),
                Arguments.of(PagingMode.SV57, (-1L << 56) - 1, false));
    }

    @ParameterizedTest
    @MethodSource
    void canonical(PagingMode paging, long virtAddr, boolean expected) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        walker(tables).walk(root, virtAddr, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.fault()).isEqualTo(expected ? WalkFault.NOT_PRESENT : WalkFault.NON_CANONICAL);
        assertThat(result.steps()).isEqualTo(expected ? 1 : 0);
    }
}
