package sharewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.MemoryType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;

/// RISC-V Privileged Architecture 20250508, chapters 13 "Svnapot" and 14 "Svpbmt": 64 KiB pages and memory types, on
/// harts with each set of the two. Bits are spelled out here.
final class RiscvExtensionsWalkTest {
    /// V R W X U A D.
    private static final long LEAF = 0xDF;

    private static final long POINTER = 0x01;
    private static final long N = 1L << 63;
    private static final long VIRT = 0x12_3456_7000L;
    private static final int RAM_BYTES = 1 << 20;

    private final WalkResult result = new WalkResult();

    private static PageWalker walker(RawTables tables, Set<PagingFeature> features) {
        return PageWalker.of(
                tables.paging(),
                tables.memory(),
                new PageWalkCache(WalkerProfile.NO_CACHES, tables.paging(), new HartSeed(1, 0)),
                features);
    }

    private WalkFault walkOver(PagingMode paging, int level, long entry, Set<PagingFeature> features) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        tables.put(root, VIRT, level, entry);
        walker(tables, features).walk(root, VIRT, AccessType.LOAD, WalkMode.USER_MODE, result);
        return result.fault();
    }

    private static Stream<PagingMode> modes() {
        return Stream.of(PagingMode.SV39, PagingMode.SV48, PagingMode.SV57);
    }

    private static Set<PagingFeature> features(boolean napot, boolean memoryTypes) {
        Set<PagingFeature> features = EnumSet.noneOf(PagingFeature.class);
        if (napot) {
            features.add(PagingFeature.NAPOT);
        }
        if (memoryTypes) {
            features.add(PagingFeature.MEMORY_TYPES);
        }
        return features;
    }

    /// Every value of N, of the memory type and of the low bits of the frame number, in pointers and leaves of every
    /// level, with and without each extension.
    @ParameterizedTest
    @MethodSource("modes")
    void everyEncoding(PagingMode paging) {
        int accepted = 0;
        for (int level = 0; level < paging.levels(); level++) {
            for (int bits = 0; bits < 1 << 10; bits++) {
                Encoding encoding =
                        new Encoding((bits & 1) != 0, bits >>> 1 & 3, (bits >>> 3 & 1) == 0, bits >>> 4 & 15);
                Set<PagingFeature> features = features((bits >>> 8 & 1) != 0, (bits >>> 9 & 1) != 0);
                long entry = encoding.entry();
                WalkFault expected = encoding.expected(level, features);
                WalkFault fault = walkOver(paging, level, entry, features);
                if (fault != expected) {
                    assertThat(fault).as("entry %x of level %d", entry, level).isEqualTo(expected);
                }
                accepted += fault == WalkFault.NONE ? 1 : 0;
            }
        }
        assertThat(accepted).isGreaterThan(100);
    }

    private record Encoding(boolean n, long type, boolean leaf, long lowPfn) {
        long entry() {
            return (n ? N : 0) | type << 61 | (0x30 | lowPfn) << 10 | (leaf ? LEAF : POINTER);
        }

        /// The manual's sentences, one by one.
        WalkFault expected(int level, Set<PagingFeature> features) {
            boolean missing = (n && !features.contains(PagingFeature.NAPOT))
                    || (type != 0 && !features.contains(PagingFeature.MEMORY_TYPES));
            if (missing) {
                return WalkFault.RESERVED_BIT;
            }
            if (!leaf) {
                boolean reserved = n || type != 0 || level == 0;
                // A pointer leads to a table that is all zeros here.
                return reserved ? WalkFault.RESERVED_BIT : WalkFault.NOT_PRESENT;
            }
            if (type == 3 || (n && (level > 0 || lowPfn != 8))) {
                return WalkFault.RESERVED_BIT;
            }
            return level > 0 ? WalkFault.MISALIGNED_SUPERPAGE : WalkFault.NONE;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PagingMode.class,
            names = {"SV39", "SV48", "SV57"})
    void napot_takesTheLowBitsOfTheFrameFromTheAddress(PagingMode paging) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        PageWalker walker = walker(tables, features(true, true));
        for (int page = 0; page < 16; page++) {
            long virtAddr = (VIRT & -0x1_0000) + page * 0x1000L;
            tables.put(root, virtAddr, 0, N | 0x98L << 10 | LEAF);
            walker.walk(root, virtAddr | 0xABC, AccessType.STORE, WalkMode.USER_MODE, result);
            assertThat(result.fault()).isEqualTo(WalkFault.NONE);
            assertThat(result.physAddr()).isEqualTo(0x9_0000L | page * 0x1000L | 0xABC);
            assertThat(result.leafAddress()).isEqualTo(0x9_0000);
            assertThat(result.pageShift()).isEqualTo(16);
            assertThat(result.level()).isZero();
            assertThat(result.steps()).isEqualTo(paging.levels());
        }
    }

    /// A and D are set in the entry that was read, and in no other of the 16.
    @Test
    void napot_marksTheEntryItUsedOnly() {
        RawTables tables = new RawTables(PagingMode.SV39, RAM_BYTES);
        long root = tables.newFrame();
        long plain = N | 0x98L << 10 | 0x1F;
        long first = tables.put(root, VIRT & -0x1_0000, 0, plain);
        for (int page = 1; page < 16; page++) {
            tables.memory().write64(first + 8L * page, plain);
        }
        walker(tables, features(true, false)).walk(root, VIRT, AccessType.STORE, WalkMode.USER_MODE, result);
        for (int page = 0; page < 16; page++) {
            long expected = page == (VIRT >>> 12 & 15) ? plain | 0xC0 : plain;
            assertThat(tables.memory().read64(first + 8L * page)).isEqualTo(expected);
        }
    }

    @Test
    void napot_reachesBeyondRamWhereItsPageDoes() {
        RawTables tables = new RawTables(PagingMode.SV39, 0x18 << 12);
        long root = tables.newFrame();
        PageWalker walker = walker(tables, features(true, false));
        for (int page = 0; page < 16; page++) {
            long virtAddr = (VIRT & -0x1_0000) + page * 0x1000L;
            tables.put(root, virtAddr, 0, N | 0x18L << 10 | LEAF);
            walker.walk(root, virtAddr, AccessType.LOAD, WalkMode.USER_MODE, result);
            assertThat(result.fault()).isEqualTo(page < 8 ? WalkFault.NONE : WalkFault.BAD_PHYSICAL);
        }
    }

    static Stream<Arguments> memoryTypes() {
        return Stream.of(
                Arguments.of(0L, MemoryType.PMA),
                Arguments.of(1L << 61, MemoryType.NON_CACHEABLE),
                Arguments.of(1L << 62, MemoryType.IO));
    }

    @ParameterizedTest
    @MethodSource
    void memoryTypes(long bits, MemoryType type) {
        assertThat(walkOver(PagingMode.SV48, 0, bits | 9L << 10 | LEAF, features(false, true)))
                .isEqualTo(WalkFault.NONE);
        assertThat(result.memoryType()).isEqualTo(type);
        assertThat(result.leafAddress()).isEqualTo(9 << 12);
        assertThat(walkOver(PagingMode.SV48, 0, bits | N | 0x18L << 10 | LEAF, features(true, true)))
                .isEqualTo(WalkFault.NONE);
        assertThat(result.memoryType()).isEqualTo(type);
        assertThat(result.pageShift()).isEqualTo(16);
    }

    static Stream<Arguments> leafLevels() {
        return modes().flatMap(paging ->
                Stream.iterate(0, level -> level + 1).limit(paging.levels()).map(level -> Arguments.of(paging, level)));
    }

    /// "Any level of PTE may be a leaf PTE" (12.4.1, 12.5.1, 12.6.1): 4 KiB, 2 MiB, 1 GiB, 512 GiB, 256 TiB.
    @ParameterizedTest
    @MethodSource("leafLevels")
    void anyLevelMayBeALeaf(PagingMode paging, int level) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        long page = 1L << (12 + 9 * level);
        tables.put(root, page, level, LEAF);
        walker(tables, Set.of()).walk(root, page + 0x7_8ABC % page, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.fault()).isEqualTo(WalkFault.NONE);
        assertThat(result.physAddr()).isEqualTo(0x7_8ABC % page);
        assertThat(result.pageShift()).isEqualTo(12 + 9 * level);
        assertThat(result.level()).isEqualTo(level);
        for (int bit = 0; bit < 9 * level; bit++) {
            tables.put(root, page, level, 1L << (10 + bit) | LEAF);
            walker(tables, Set.of()).walk(root, page, AccessType.LOAD, WalkMode.USER_MODE, result);
            assertThat(result.fault()).isEqualTo(WalkFault.MISALIGNED_SUPERPAGE);
        }
    }

    /// 12.3.1: a global pointer makes everything below it global, whatever level it lies on.
    @ParameterizedTest
    @MethodSource("leafLevels")
    void globalAnywhereOnTheWayIsGlobal(PagingMode paging, int level) {
        RawTables tables = new RawTables(paging, RAM_BYTES);
        long root = tables.newFrame();
        tables.put(root, VIRT, 0, 9L << 10 | LEAF);
        long address = tables.entryAddress(root, VIRT, level);
        PageWalker walker = walker(tables, Set.of());
        walker.walk(root, VIRT, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.isGlobal()).isFalse();
        tables.memory().write64(address, tables.memory().read64(address) | 0x20);
        walker.walk(root, VIRT, AccessType.LOAD, WalkMode.USER_MODE, result);
        assertThat(result.isGlobal()).isTrue();
    }
}
