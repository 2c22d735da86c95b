package unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The raw engine with an x86-64 guest, and with guests that it cannot fully serve.
@Tag("native")
class EngineX86Test {
    private static final long CODE = 0x10000;
    private static final long SIZE = 1 << 20;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment ram = arena.allocate(SIZE, 4096);
    private final Engine engine = Engine.open(UnicornConst.UC_ARCH_X86, UnicornConst.UC_MODE_64);
    private final List<String> asked = new ArrayList<>();

    EngineX86Test() {
        assertThat(engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL)).isZero();
        assertThat(engine.mapPtr(0, SIZE, UnicornConst.UC_PROT_ALL, ram)).isZero();
        RawTlbFill fill = (virtAddr, accessType) -> {
            asked.add(Long.toHexString(virtAddr) + ":" + accessType);
            return virtAddr >= SIZE ? -1 : virtAddr | (accessType == UnicornConst.UC_MEM_FETCH ? 4 : 3);
        };
        engine.hookAdd(UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(fill), MemorySegment.NULL, 1, 0, 0);
    }

    @AfterEach
    void close() {
        engine.close();
        arena.close();
    }

    private void code(int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            ram.set(ValueLayout.JAVA_BYTE, CODE + i, (byte) bytes[i]);
        }
    }

    @Test
    void flushedPage_isAskedForAgain_aloneOfAll() {
        code(0x8b, 0x03, 0x89, 0x01); // mov eax, [rbx]; mov [rcx], eax
        engine.regWrite(X86Const.UC_X86_REG_RBX, 0x2000);
        engine.regWrite(X86Const.UC_X86_REG_RCX, 0x3000);
        assertThat(engine.emuStart(CODE, 0, 0, 2)).isZero();
        assertThat(asked).containsExactly("10000:18", "2000:16", "3000:17");
        asked.clear();
        engine.tlbFlushPage(0x3000);
        assertThat(engine.emuStart(CODE, 0, 0, 2)).isZero();
        assertThat(asked).containsExactly("3000:17");
    }

    @Test
    void accessAcrossTwoPages_faultsAtTheStartOfTheSecond() {
        code(0x48, 0x8b, 0x03); // mov rax, [rbx]
        engine.regWrite(X86Const.UC_X86_REG_RBX, SIZE - 3);
        assertThat(engine.emuStart(CODE, 0, 0, 0)).isEqualTo(UnicornConst.UC_ERR_EXCEPTION);
        assertThat(engine.faultAddress()).isEqualTo(SIZE);
        assertThat(engine.regRead(X86Const.UC_X86_REG_RIP)).isEqualTo(CODE);
    }

    @Test
    void syscallStub_stopsAfterTheInstruction_andCodeIsInvalidated() {
        code(0x0f, 0x05); // syscall
        long[] calls = new long[1];
        RawVoid onSyscall = () -> {
            calls[0]++;
            engine.emuStop();
        };
        engine.hookAdd(
                UnicornConst.UC_HOOK_INSN,
                engine.voidStub(onSyscall),
                MemorySegment.NULL,
                1,
                0,
                X86Const.UC_X86_INS_SYSCALL);
        assertThat(engine.emuStart(CODE, 0, 0, 0)).isZero();
        assertThat(calls[0]).isEqualTo(1);
        assertThat(engine.regRead(X86Const.UC_X86_REG_RIP)).isEqualTo(CODE + 2);

        code(0x90, 0x90); // nop; nop
        engine.invalidateCode(CODE, CODE + 2);
        assertThat(engine.emuStart(CODE, CODE + 2, 0, 0)).isZero();
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void wideRegisters_areReadAndWrittenThroughMemoryOfTheCaller() {
        MemorySegment value = arena.allocate(16, 16);
        value.set(ValueLayout.JAVA_LONG, 0, 1);
        value.set(ValueLayout.JAVA_LONG, 8, 2);
        assertThat(engine.regWrite(X86Const.UC_X86_REG_XMM3, value)).isZero();
        value.fill((byte) 0);
        assertThat(engine.regRead(X86Const.UC_X86_REG_XMM3, value)).isZero();
        assertThat(value.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(2);
    }

    @Test
    void otherGuests_cannotFlushOnePage_andSaySo() {
        try (Engine riscv32 = Engine.open(UnicornConst.UC_ARCH_RISCV, UnicornConst.UC_MODE_RISCV32)) {
            assertThatThrownBy(() -> riscv32.tlbFlushPage(0)).isInstanceOf(UnicornException.class);
        }
        assertThatThrownBy(() -> Engine.open(UnicornConst.UC_ARCH_X86, UnicornConst.UC_MODE_BIG_ENDIAN))
                .hasMessageContaining("UC_ERR_MODE");
    }
}
