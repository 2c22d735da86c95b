package sharewalk.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.cpu.GuestIsa;

/// The x86-64 decoder against GNU binutils.
final class X86DecoderTest {
    private static final int EVEX = 0x62;
    private static final int FWAIT = 0x9b;
    private static final int FEWEST_INSTRUCTIONS = 50_000;
    private static final long RAX = FixedRegisters.register(0);
    private static final long RCX = FixedRegisters.register(1);
    private static final long RBX = FixedRegisters.register(3);
    private static final long RSP = FixedRegisters.register(4);
    private static final long RBP = FixedRegisters.register(5);
    private static final long RSI = FixedRegisters.register(6);
    private static final long RDI = FixedRegisters.register(7);
    private static final long R12 = FixedRegisters.register(12);
    private static final long R13 = FixedRegisters.register(13);

    private final X86Decoder decoder = new X86Decoder();

    @ParameterizedTest
    @ValueSource(strings = {"hello", "shared-buffer", "pipes-signals"})
    void length_isThatOfObjdump_inAWholeProgram(String program) {
        List<GnuBinutils.Listed> wrong = new ArrayList<>();
        int[] checked = new int[1];
        GnuBinutils.disassemble(GuestIsa.X86_64, GnuBinutils.guest(GuestIsa.X86_64, program), listed -> {
            if (!listed.text().contains("(bad)") && (listed.code()[0] & 0xff) != EVEX) {
                checked[0]++;
                if (length(listed.code()) != listed.code().length) {
                    wrong.add(listed);
                }
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(checked[0]).isGreaterThan(FEWEST_INSTRUCTIONS);
    }

    // objdump lists FWAIT and the x87 instruction behind it as one; the processor runs two.
    private int length(byte[] code) {
        int first = (code[0] & 0xff) == FWAIT && code.length > 1 ? 1 : 0;
        return first + decoder.length(code, first, code.length);
    }

    @Test
    void length_isZero_forACutOffInstruction() {
        byte[] code = assemble("mov qword ptr [rax + rcx * 4 + 0x12345678], 0x11223344");
        for (int end = 1; end < code.length; end++) {
            assertThat(decoder.length(code, 0, end)).as("%d bytes", end).isZero();
        }
        assertThat(decoder.length(code, 0, code.length)).isEqualTo(code.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "add [rax], rcx", "add byte ptr [rax], 1", "add dword ptr [rip + 8], 100000", "adc [rsp + 8], ecx",
                "sbb qword ptr [rax], 1", "and byte ptr [r9], cl", "or word ptr [rax], 300", "xor [rbp - 4], eax",
                "sub qword ptr [rax], 8", "inc dword ptr [rax]", "dec byte ptr [rax]", "not qword ptr [rax]",
                "neg word ptr [rax]", "shl dword ptr [rax], 1", "shr qword ptr [rax], cl", "sar byte ptr [rax], 3",
                "rol word ptr [rax], 1", "rcr dword ptr [rax], 2", "xchg [rax], rcx", "xchg byte ptr [rax], cl",
                "lock xadd [rax], ecx", "xadd byte ptr [rax], cl", "lock cmpxchg [rax], rcx", "cmpxchg [rax], cl",
                "lock cmpxchg16b [rax]", "cmpxchg8b [rax]", "bts dword ptr [rax], 3", "btr qword ptr [rax], rcx",
                "btc word ptr [rax], 1", "bts [rax], ecx", "shld [rax], ecx, 4", "shrd [rax], rcx, cl",
                "lock inc dword ptr fs:[rax]", "add dword ptr [r12], 5", "lock or dword ptr [rsp], 0"
            })
    void isReadModifyWrite_isTrue(String instruction) {
        byte[] code = assemble(instruction);
        assertThat(decoder.isReadModifyWrite(code, 0, code.length)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "add rax, rcx",
                "add rax, [rcx]",
                "inc eax",
                "not rax",
                "neg eax",
                "shl eax, 3",
                "xchg rax, rcx",
                "xadd eax, ecx",
                "cmpxchg eax, ecx",
                "bts eax, 3",
                "btr rax, rcx",
                "shld eax, ecx, 4",
                "bt [rax], ecx",
                "bt dword ptr [rax], 3",
                "cmp [rax], ecx",
                "cmp dword ptr [rax], 5",
                "cmp eax, [rcx]",
                "cmp byte ptr [rax], 5",
                "test [rax], ecx",
                "test dword ptr [rax], 5",
                "test byte ptr [rax], 1",
                "mov [rax], ecx",
                "mov eax, [rcx]",
                "mov dword ptr [rax], 5",
                "mov byte ptr [rax], 5",
                "push [rax]",
                "pop [rax]",
                "push rax",
                "movsb",
                "rep movsq",
                "stosd",
                "lea rax, [rcx + 8]",
                "call [rax]",
                "jmp [rax]",
                "imul eax, [rcx]",
                "mul dword ptr [rax]",
                "div qword ptr [rax]",
                "movzx eax, byte ptr [rax]",
                "sete [rax]",
                "movaps [rax], xmm0",
                "movups xmm0, [rax]",
                "rdrand eax",
                "cmpps xmm0, [rax], 1",
                "movnti [rax], ecx",
                "fld dword ptr [rax]",
                "fistp qword ptr [rax]",
                "bsf eax, [rax]",
                "vpcmpeqb ymm0, ymm1, [rax]",
                "adcx eax, [rax]",
                "cmovne eax, [rcx]",
                "nop dword ptr [rax]"
            })
    void isReadModifyWrite_isFalse(String instruction) {
        byte[] code = assemble(instruction);
        assertThat(decoder.isReadModifyWrite(code, 0, code.length)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rdtsc|true",
                "rdtscp|true",
                "rdrand eax|true",
                "rdrand r9|true",
                "rdseed ax|true",
                "rdpid rax|true",
                "cpuid|false",
                "cmpxchg16b [rax]|false",
                "mov eax, [rax]|false",
                "xgetbv|false",
                "syscall|false",
                "swapgs|false",
                "in al, dx|true",
                "out 0x80, eax|true",
                "insb|true",
                "outsd|true",
                "int 0|true",
                "int 0x21|true",
                "int3|false",
                "int 3|false",
                "int 0x80|false",
                "add [rcx], esi|false"
            })
    void isHostDependent_isTrueForClocksAndRandomSources(String instruction, boolean expected) {
        byte[] code = assemble(instruction);
        assertThat(decoder.isHostDependent(code, 0, code.length)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rep movsb|true", "rep stosq|true", "repe cmpsb|true", "repne scasb|true", "rep lodsd|true",
                "movsb|false", "stosq|false", "pause|false", "rep ret|false", "movss xmm0, xmm1|false",
                "popcnt eax, ecx|false", "endbr64|false"
            })
    void isRepeated_isTrueForStringInstructionsWithPrefix(String instruction, boolean expected) {
        byte[] code = assemble(instruction);
        assertThat(decoder.isRepeated(code, 0, code.length)).isEqualTo(expected);
    }

    @Test
    void mayStraddle_knowsEveryFormOfAddress() {
        assertOperandAt("mov eax, [rcx]", RCX);
        assertOperandAt("mov eax, [rcx + 0x7f]", RCX + 0x7f);
        assertOperandAt("mov eax, [rcx - 0x80]", RCX - 0x80);
        assertOperandAt("mov eax, [rcx + 0x12345]", RCX + 0x12345);
        assertOperandAt("mov eax, [rcx - 0x12345]", RCX - 0x12345);
        assertOperandAt("mov eax, [rbx + rcx * 4]", RBX + RCX * 4);
        assertOperandAt("mov eax, [rbp + rcx * 8 - 4]", RBP + RCX * 8 - 4);
        assertOperandAt("mov eax, [r13]", R13);
        assertOperandAt("mov eax, [r12]", R12);
        assertOperandAt("mov eax, [rax + r12 * 2 + 0x1000]", RAX + R12 * 2 + 0x1000);
        assertOperandAt("mov eax, [r13 + r12 + 1]", R13 + R12 + 1);
        assertOperandAt("mov eax, [rcx * 8 + 0x100]", RCX * 8 + 0x100);
        assertOperandAt("mov eax, ds:[0x12345678]", 0x12345678);
        assertOperandAt("mov eax, fs:[rax + 8]", RAX + 8 + FixedRegisters.FS);
        assertOperandAt("mov eax, gs:[rcx]", RCX + FixedRegisters.GS);
        assertOperandAt("mov ebx, fs:[0x28]", 0x28 + FixedRegisters.FS);
        assertOperandAt("movabs rax, fs:[0x28]", 0x28 + FixedRegisters.FS);
        assertOperandAt("movabs al, [0x1122334455667788]", 0x1122334455667788L);
        assertOperandAt("mov eax, [ecx + 4]", RCX + 4);
        assertOperandAt("movups xmm0, [rax + 16]", RAX + 16);
        assertOperandAt("vmovdqu ymm1, [r13 + r12 * 4 + 32]", R13 + R12 * 4 + 32);
        assertOperandAt("add qword ptr [rcx + 0x80], 0x12345", RCX + 0x80);
    }

    @Test
    void mayStraddle_knowsOperandsBesideModRm() {
        assertOperandAt("lodsq", RSI, RDI);
        assertOperandAt("leave", RBP);
        assertOperandAt("bts qword ptr [rax], rcx", RAX + RCX / 8);
        assertOperandAt("bt dword ptr [rax], r13d", RAX + (int) R13 / 8);
        assertOperandAt("maskmovdqu xmm0, xmm1", RDI);
        assertOperandAt("pop qword ptr [rsp + 0x1000]", RSP + 0x1008);
    }

    @Test
    void mayStraddle_countsRipFromTheEndOfTheInstruction() {
        byte[] code = assemble("add dword ptr [rip + 0x1000], 0x12345");
        assertStraddlesExactlyFrom(code, FixedRegisters.PC + code.length + 0x1000);
    }

    @Test
    void mayStraddle_knowsLongOperands() {
        assertReaches("fxsave [rax]", RAX, 512);
        assertReaches("fxrstor [rax]", RAX, 512);
        assertReaches("fnsave [rax]", RAX, 108);
        assertReaches("xsave [rax]", RAX, 576);
        assertReaches("vmovdqu ymm1, [rax]", RAX, 32);
    }

    @Test
    void mayStraddle_isTrue_forThePushOfACall() {
        byte[] code = assemble("call [rax]");
        assertThat(straddles(code, RSP - 8 + 1)).isTrue();
        assertThat(straddles(code, RSP + 128)).isFalse();
    }

    private void assertOperandAt(String instruction, long... virtAddrs) {
        byte[] code = assemble(instruction);
        for (long virtAddr : virtAddrs) {
            assertStraddlesExactlyFrom(code, virtAddr);
        }
    }

    private void assertStraddlesExactlyFrom(byte[] code, long virtAddr) {
        assertThat(straddles(code, virtAddr + 1))
                .as("operand begins before the boundary")
                .isTrue();
        assertThat(straddles(code, virtAddr))
                .as("operand begins at the boundary")
                .isFalse();
        assertThat(straddles(code, virtAddr + 8192))
                .as("operand ends long before")
                .isFalse();
    }

    private void assertReaches(String instruction, long virtAddr, int bytes) {
        byte[] code = assemble(instruction);
        assertThat(straddles(code, virtAddr + bytes - 1)).as(instruction).isTrue();
        assertThat(straddles(code, virtAddr)).as(instruction).isFalse();
    }

    private boolean straddles(byte[] code, long boundary) {
        return decoder.mayStraddle(code, 0, code.length, boundary, new FixedRegisters());
    }

    private static byte[] assemble(String instruction) {
        return GnuBinutils.assemble(GuestIsa.X86_64, instruction);
    }
}
