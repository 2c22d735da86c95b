package sharewalk.mmu.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PteFormatTest {
    private static final PteFormat RISCV = PagingMode.SV39.format();
    private static final PteFormat X86 = PagingMode.X86_64_4LEVEL.format();

    @Test
    void leaf_hasTheBitsOfTheManuals() {
        assertThat(RISCV.leaf(0x80, Permissions.USER_READ_WRITE, 0)).isEqualTo(0x80L << 10 | 0x57);
        assertThat(RISCV.leaf(0x80, Permissions.USER_READ_EXECUTE, 0)).isEqualTo(0x80L << 10 | 0x5b);
        assertThat(RISCV.table(0x80)).isEqualTo(0x80L << 10 | 0x01);
        assertThat(X86.leaf(0x80, Permissions.USER_READ_WRITE, 0)).isEqualTo(0x8000_0000_0008_0027L);
        assertThat(X86.leaf(0x200, Permissions.USER_READ_EXECUTE, 1)).isEqualTo(0x0020_00a5L);
        assertThat(X86.table(0x80)).isEqualTo(0x80027L);
    }

    @ParameterizedTest
    @EnumSource
    void leaf_decodesToWhatWasEncoded(PagingMode mode) {
        PteFormat format = mode.format();
        for (Permissions permissions : new Permissions[] {
            Permissions.NONE,
            Permissions.USER_READ,
            Permissions.USER_READ_WRITE,
            Permissions.USER_READ_EXECUTE,
            Permissions.USER_READ_WRITE_EXECUTE,
            new Permissions(true, true, false, false)
        }) {
            for (int level = 0; level < 3; level++) {
                long pte = format.leaf(0x8_0000, permissions, level);
                assertThat(format.decode(pte, level))
                        .isEqualTo(new PteState.Leaf(0x8_0000, permissions, true, false, level));
                assertThat(format.decode(format.withDirty(format.withoutAccessed(pte)), level))
                        .isEqualTo(new PteState.Leaf(0x8_0000, permissions, false, true, level));
                assertThat(format.holdsLeaf(pte, level)).isTrue();
                assertThat(format.isPresent(pte)).isEqualTo(!permissions.isNone());
            }
        }
        assertThat(format.decode(format.table(0x81), 1)).isEqualTo(new PteState.Table(0x81));
        assertThat(format.decode(0, 0)).isEqualTo(new PteState.Absent());
    }

    @ParameterizedTest
    @EnumSource
    void withPermissions_keepsFrameAccessedDirtyAndGlobal(PagingMode mode) {
        PteFormat format = mode.format();
        long pte = format.withGlobal(format.withDirty(format.leaf(0x77, Permissions.USER_READ_WRITE, 0)));
        long readOnly = format.withPermissions(pte, Permissions.USER_READ);
        assertThat(format.isGlobal(readOnly)).isTrue();
        assertThat(format.isDirty(readOnly)).isTrue();
        long back =
                format.withPermissions(format.withPermissions(readOnly, Permissions.NONE), Permissions.USER_READ_WRITE);
        assertThat(format.isGlobal(back)).isFalse();
        assertThat(format.decode(back, 0))
                .isEqualTo(new PteState.Leaf(0x77, Permissions.USER_READ_WRITE, true, true, 0));
    }

    @Test
    void rights_thatCannotStandAloneBringTheOnesTheyNeed() {
        assertThat(RISCV.permissions(RISCV.leaf(1, Permissions.ofUser(false, true, false), 0)))
                .isEqualTo(Permissions.USER_READ_WRITE);
        assertThat(RISCV.permissions(RISCV.leaf(1, Permissions.ofUser(false, false, true), 0)))
                .isEqualTo(Permissions.ofUser(false, false, true));
        assertThat(X86.permissions(X86.leaf(1, Permissions.ofUser(false, false, true), 0)))
                .isEqualTo(Permissions.USER_READ_EXECUTE);
    }

    @ParameterizedTest
    @CsvSource({
        // entry, level, reserved
        "0x05, 0, true", // write without read
        "0x0d, 0, true", // write and execute without read
        "0x03, 0, false",
        "0x11, 1, true", // user bit in a pointer
        "0x41, 1, true", // accessed bit in a pointer
        "0x81, 1, true", // dirty bit in a pointer
        "0x21, 1, false", // global is allowed in a pointer
        "0x0040000000000003, 0, true", // reserved bit 54
        "0x2000000000000003, 1, false", // Svpbmt: non-cacheable
        "0x4000000000000003, 0, false", // Svpbmt: I/O
        "0x6000000000000003, 0, true", // Svpbmt: 3
        "0x2000000000000001, 1, true", // Svpbmt in a pointer
        "0x8000000000002003, 0, false", // Svnapot: 64 KiB
        "0x8000000000006003, 0, false", // Svnapot: the next 64 KiB
        "0x8000000000000003, 0, true", // Svnapot without a size
        "0x8000000000001003, 0, true", // Svnapot: 32 KiB
        "0x8000000000003003, 0, true", // Svnapot: 4 KiB more
        "0x8000000000002003, 1, true", // Svnapot above level 0
        "0x8000000000002001, 1, true", // Svnapot in a pointer
        "0x8000000000000002, 0, false", // absent: nothing else counts
    })
    void riscv_reservedEncodings(String pte, int level, boolean reserved) {
        assertThat(RISCV.isReserved(Long.parseUnsignedLong(pte.substring(2), 16), level))
                .isEqualTo(reserved);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000400000000001, 0, true", // first bit above MAXPHYADDR
        "0x0008000000000001, 3, true",
        "0x0000200000000001, 0, false",
        "0x0000000000000081, 3, true", // PS in a PML4E
        "0x0000000040000081, 2, false",
        "0x0000000020000081, 2, true", // 1 GiB page at an address of 512 MiB
        "0x0000000000002081, 1, true",
        "0x0000000000001081, 1, false", // memory type of a superpage
        "0x0000000000000081, 0, false", // memory type of a 4 KiB page
        "0x0ff0000000000001, 0, false", // ignored bits
        "0x0000400000000000, 0, false", // absent
    })
    void x86_reservedBits(String pte, int level, boolean reserved) {
        assertThat(X86.isReserved(Long.parseUnsignedLong(pte.substring(2), 16), level))
                .isEqualTo(reserved);
    }

    @Test
    void x86_reservedBitsFollowTheWidthOfPhysicalAddresses() {
        assertThat(X86PteFormat.of(52).isReserved(1L << 51 | 1, 0)).isFalse();
        assertThat(X86PteFormat.of(39).isReserved(1L << 39 | 1, 0)).isTrue();
        assertThat(X86PteFormat.of(40).isReserved(1L << 39 | 1, 0)).isFalse();
    }

    @Test
    void misalignedSuperpage_isAFaultOfItsOwnOnRiscvOnly() {
        long pte = RISCV.leaf(0x201, Permissions.USER_READ, 1);
        assertThat(RISCV.isMisaligned(pte, 1)).isTrue();
        assertThat(RISCV.isReserved(pte, 1)).isFalse();
        assertThat(RISCV.decode(pte, 1)).isEqualTo(new PteState.Reserved(pte));
        assertThat(X86.leafPfn(X86.leaf(0x201, Permissions.USER_READ, 1), 1)).isEqualTo(0x200);
    }

    @Test
    void riscv_contiguousLeafSaysItsSizeInItsFrameNumber() {
        long pte = RISCV.contiguousLeaf(0x120, Permissions.USER_READ);
        assertThat(pte).isEqualTo(1L << 63 | 0x128L << 10 | 0x53);
        assertThat(RISCV.isContiguous(pte, 0)).isTrue();
        assertThat(RISCV.leafShift(pte, 0)).isEqualTo(16);
        assertThat(RISCV.leafPfn(pte, 0)).isEqualTo(0x120);
        assertThat(RISCV.isReserved(pte, 0)).isFalse();
        long held = RISCV.withPermissions(pte, Permissions.NONE);
        assertThat(RISCV.isContiguous(held, 0)).isTrue();
        assertThat(RISCV.withPermissions(held, Permissions.USER_READ)).isEqualTo(pte);
        assertThat(RISCV.isContiguous(pte, 1)).isFalse();
    }

    @Test
    void riscv_memoryTypeIsBits61And62() {
        Map<MemoryType, Long> bits =
                Map.of(MemoryType.PMA, 0L, MemoryType.NON_CACHEABLE, 1L << 61, MemoryType.IO, 1L << 62);
        bits.forEach((type, set) -> {
            long pte = RISCV.leaf(0x77, Permissions.USER_READ, 0) | set;
            assertThat(RISCV.memoryType(pte)).isEqualTo(type);
            assertThat(RISCV.memoryType(RISCV.withPermissions(pte, Permissions.USER_READ_WRITE)))
                    .isEqualTo(type);
        });
    }

    @Test
    void x86_hasNoContiguousLeaf() {
        assertThat(X86.isContiguous(-1L, 0)).isFalse();
        assertThatThrownBy(() -> X86.contiguousLeaf(0x120, Permissions.USER_READ))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void riscv_pointerAtLevel0IsNoLeaf() {
        assertThat(RISCV.isTable(0x01, 0)).isTrue();
        assertThat(RISCV.decode(0x01, 0)).isEqualTo(new PteState.Reserved(0x01));
    }
}
