package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.cpu.GuestIsa;

/// The RISC-V decoder against GNU binutils.
final class RiscvDecoderTest {
    private static final int FEWEST_INSTRUCTIONS = 50_000;
    private static final long SP = FixedRegisters.register(2);
    private static final long S0 = FixedRegisters.register(8);
    private static final long A0 = FixedRegisters.register(10);
    private static final long A5 = FixedRegisters.register(15);

    private final RiscvDecoder decoder = new RiscvDecoder();

    @ParameterizedTest
    @ValueSource(strings = {"hello", "shared-buffer", "pipes-signals"})
    void length_isThatOfObjdump_inAWholeProgram(String program) {
        List<GnuBinutils.Listed> wrong = new ArrayList<>();
        int[] checked = new int[1];
        GnuBinutils.disassemble(GuestIsa.RISCV64, GnuBinutils.guest(GuestIsa.RISCV64, program), listed -> {
            checked[0]++;
            if (decoder.length(listed.code(), 0, listed.code().length) != listed.code().length) {
                wrong.add(listed);
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(checked[0]).isGreaterThan(FEWEST_INSTRUCTIONS);
    }

    @Test
    void length_isZero_forACutOffInstruction() {
        byte[] code = assemble("lui a0, 0x12345");
        assertThat(decoder.length(code, 0, 4)).isEqualTo(4);
        assertThat(decoder.length(code, 0, 3)).isZero();
        assertThat(decoder.length(code, 0, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "amoadd.w a0, a1, (a2)|true",
                "amoswap.d.aqrl zero, a1, (a2)|true",
                "amomaxu.w a0, a1, (a2)|true",
                "lr.w a0, (a1)|false",
                "lr.d.aq a0, (a1)|false",
                "ld a0, 8(a1)|false",
                "sd a0, 8(a1)|false",
                "fsd fa0, 8(a1)|false",
                "add a0, a0, a1|false",
                "c.sd a0, 8(a1)|false",
                "fence|false"
            })
    void isReadModifyWrite_isTrueForAmos(String instruction, boolean expected) {
        byte[] code = assemble(instruction);
        assertThat(decoder.isReadModifyWrite(code, 0, code.length)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rdtime a0|true", "rdcycle a0|true", "rdinstret t0|true", "csrr a0, 0xc1f|true", "csrr a0, fcsr|false",
                "csrw fflags, a0|false", "csrr a0, 0xc20|false", "frrm a0|false", "ecall|false", "ebreak|false",
                "lui a0, 0xc0001|false"
            })
    void isHostDependent_isTrueForReadsOfCounters(String instruction, boolean expected) {
        byte[] code = assemble(instruction);
        assertThat(decoder.isHostDependent(code, 0, code.length)).isEqualTo(expected);
    }

    @Test
    void mayStraddle_knowsEveryFormOfLoadAndStore() {
        assertOperandAt("lw t1, 0x7ff(a0)", A0 + 0x7ff);
        assertOperandAt("ld t1, -0x800(a0)", A0 - 0x800);
        assertOperandAt("lhu t1, 5(a5)", A5 + 5);
        assertOperandAt("sd t1, 0x7ff(a0)", A0 + 0x7ff);
        assertOperandAt("sh t1, -0x7ff(a0)", A0 - 0x7ff);
        assertOperandAt("fld fa0, -1(s0)", S0 - 1);
        assertOperandAt("fsw fa0, 0x123(s0)", S0 + 0x123);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 32, 64, 128, 248})
    void mayStraddle_knowsCompressedDoubleWords(int displacement) {
        assertOperandAt("c.ld a1, " + displacement + "(a5)", A5 + displacement);
        assertOperandAt("c.sd a1, " + displacement + "(s0)", S0 + displacement);
        assertOperandAt("c.fld fa1, " + displacement + "(a5)", A5 + displacement);
        assertOperandAt("c.fsd fa1, " + displacement + "(s0)", S0 + displacement);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 16, 32, 64, 124})
    void mayStraddle_knowsCompressedWords(int displacement) {
        assertOperandAt("c.lw a1, " + displacement + "(a5)", A5 + displacement);
        assertOperandAt("c.sw a1, " + displacement + "(s0)", S0 + displacement);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 32, 64, 128, 256, 504})
    void mayStraddle_knowsCompressedStackDoubleWords(int displacement) {
        assertOperandAt("c.ldsp ra, " + displacement + "(sp)", SP + displacement);
        assertOperandAt("c.sdsp ra, " + displacement + "(sp)", SP + displacement);
        assertOperandAt("c.fldsp fs0, " + displacement + "(sp)", SP + displacement);
        assertOperandAt("c.fsdsp fs0, " + displacement + "(sp)", SP + displacement);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 16, 32, 64, 128, 252})
    void mayStraddle_knowsCompressedStackWords(int displacement) {
        assertOperandAt("c.lwsp ra, " + displacement + "(sp)", SP + displacement);
        assertOperandAt("c.swsp ra, " + displacement + "(sp)", SP + displacement);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"add a0, a0, a1", "c.addi4spn a0, sp, 16", "c.jr a0", "c.mv a0, a5", "jalr a0", "c.lui a0, 1"})
    void mayStraddle_isFalse_withoutMemoryOperand(String instruction) {
        byte[] code = assemble(instruction);
        for (int register = 0; register < 32; register++) {
            assertThat(straddles(code, FixedRegisters.register(register) + 1)).isFalse();
        }
    }

    private void assertOperandAt(String instruction, long virtAddr) {
        byte[] code = assemble(instruction);
        assertThat(straddles(code, virtAddr + 1)).as(instruction).isTrue();
        assertThat(straddles(code, virtAddr + 7)).as(instruction).isTrue();
        assertThat(straddles(code, virtAddr)).as(instruction).isFalse();
        assertThat(straddles(code, virtAddr + 8)).as(instruction).isFalse();
    }

    private boolean straddles(byte[] code, long boundary) {
        return decoder.mayStraddle(code, 0, code.length, boundary, new FixedRegisters());
    }

    private static byte[] assemble(String instruction) {
        return GnuBinutils.assemble(GuestIsa.RISCV64, instruction);
    }
}
