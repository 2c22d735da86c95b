package unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class EngineTest {
    private static final long RAM_BYTES = 1 << 20;
    private static final long CODE = 0x10_000;
    private static final int REFUSED = UnicornConst.UC_ERR_EXCEPTION;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ram = arena.allocate(RAM_BYTES, 4096);
    private Engine engine = Engine.open(UnicornConst.UC_ARCH_RISCV, UnicornConst.UC_MODE_RISCV64);

    @BeforeEach
    void mapMemory() {
        assertThat(engine.setCodeBufferSize(16 << 20)).isZero();
        assertThat(engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL)).isZero();
        assertThat(engine.mapPtr(0, RAM_BYTES, UnicornConst.UC_PROT_ALL, ram)).isZero();
    }

    @AfterEach
    void close() {
        engine.close();
        arena.close();
    }

    private void code(int... instructions) {
        MemorySegment.copy(instructions, 0, ram, ValueLayout.JAVA_INT, CODE, instructions.length);
    }

    private long onFill(RawTlbFill fill) {
        return engine.hookAdd(UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(fill), MemorySegment.NULL, 1, 0, 0);
    }

    private static long identity(long virtAddr, int accessType) {
        if (virtAddr >= RAM_BYTES) {
            return -1;
        }
        return virtAddr
                | switch (accessType) {
                    case UnicornConst.UC_MEM_FETCH -> UnicornConst.UC_PROT_EXEC;
                    case UnicornConst.UC_MEM_WRITE -> UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE;
                    default -> UnicornConst.UC_PROT_READ;
                };
    }

    @Test
    void symbols_areAllThere() {
        engine.tlbFlushPage(0);
        assertThat(Engine.missingSymbols()).isEmpty();
        assertThat(Engine.version() >>> 24).isEqualTo(2);
    }

    @Test
    void registers_areReadAndWritten_oneByOneAndInABatch() {
        engine.regWrite(RiscvConst.UC_RISCV_REG_A0, -3);
        assertThat(engine.regRead(RiscvConst.UC_RISCV_REG_A0)).isEqualTo(-3);

        RegisterBatch batch = engine.batch(RiscvConst.UC_RISCV_REG_A0, RiscvConst.UC_RISCV_REG_A1);
        batch.set(0, 11);
        batch.set(1, 12);
        assertThat(engine.regWrite(batch)).isZero();
        batch.clear();
        assertThat(engine.regRead(batch)).isZero();
        assertThat(batch.value(0)).isEqualTo(11);
        assertThat(batch.value(1)).isEqualTo(12);
    }

    @Test
    void fill_isAskedForEachKind_andAgainAfterTheFlushOfThatPageOnly() {
        List<String> asked = new ArrayList<>();
        onFill((virtAddr, accessType) -> {
            asked.add(Long.toHexString(virtAddr) + ":" + accessType);
            return identity(virtAddr, accessType);
        });
        code(0x0005b503, 0x00a63023); // ld a0, 0(a1); sd a0, 0(a2)
        ram.set(ValueLayout.JAVA_LONG, 0x2000, 77);
        engine.regWrite(RiscvConst.UC_RISCV_REG_A1, 0x2000);
        engine.regWrite(RiscvConst.UC_RISCV_REG_A2, 0x3000);
        assertThat(engine.emuStart(CODE, 0, 0, 2)).isZero();
        assertThat(ram.get(ValueLayout.JAVA_LONG, 0x3000)).isEqualTo(77);
        assertThat(asked).containsExactly("10000:18", "2000:16", "3000:17");

        asked.clear();
        engine.tlbFlushPage(0x2000);
        assertThat(engine.emuStart(CODE, 0, 0, 2)).isZero();
        assertThat(asked).containsExactly("2000:16");

        asked.clear();
        assertThat(engine.tlbFlush()).isZero();
        assertThat(engine.emuStart(CODE, 0, 0, 2)).isZero();
        assertThat(asked).containsExactly("10000:18", "2000:16", "3000:17");
    }

    @Test
    void refusedFill_stopsBeforeTheInstruction_andTheExactAddressIsKnown() {
        onFill(EngineTest::identity);
        code(0x00150513, 0x0005b503); // addi a0, a0, 1; ld a0, 0(a1)
        engine.regWrite(RiscvConst.UC_RISCV_REG_A1, 0x7654_3213L);
        assertThat(engine.emuStart(CODE, 0, 0, 0)).isEqualTo(REFUSED);
        assertThat(engine.faultAddress()).isEqualTo(0x7654_3213L);
        assertThat(engine.regRead(RiscvConst.UC_RISCV_REG_PC)).isEqualTo(CODE + 4);
        assertThat(engine.regRead(RiscvConst.UC_RISCV_REG_A0)).isEqualTo(1);
    }

    @Test
    void changedCode_runsStale_untilItIsInvalidated() {
        onFill(EngineTest::identity);
        code(0x00100513, 0x00000013); // li a0, 1; nop
        assertThat(engine.emuStart(CODE, CODE + 8, 0, 0)).isZero();
        code(0x00200513);
        engine.invalidateCode(CODE, CODE + 4096);
        assertThat(engine.emuStart(CODE, CODE + 8, 0, 0)).isZero();
        assertThat(engine.regRead(RiscvConst.UC_RISCV_REG_A0)).isEqualTo(2);

        code(0x00300513);
        assertThat(engine.removeCache(CODE, CODE + 4096)).isZero();
        assertThat(engine.emuStart(CODE, CODE + 8, 0, 0)).isZero();
        assertThat(engine.regRead(RiscvConst.UC_RISCV_REG_A0)).isEqualTo(3);
    }

    @Test
    void requestedBlock_tellsItsInstructions_andBlockHookItsAddress() {
        onFill(EngineTest::identity);
        code(0x00100513, 0x00000013, 0x00000073); // li a0, 1; nop; ecall
        List<Long> blocks = new ArrayList<>();
        RawBlock atBlock = (virtAddr, sizeBytes) -> blocks.add(virtAddr << 8 | sizeBytes);
        engine.hookAdd(UnicornConst.UC_HOOK_BLOCK, engine.blockStub(atBlock), MemorySegment.NULL, 1, 0, 0);
        List<Integer> numbers = new ArrayList<>();
        RawInterrupt onInterrupt = number -> {
            numbers.add(number);
            engine.emuStop();
        };
        engine.hookAdd(UnicornConst.UC_HOOK_INTR, engine.interruptStub(onInterrupt), MemorySegment.NULL, 1, 0, 0);
        assertThat(engine.emuStart(CODE, 0, 0, 0)).isZero();
        assertThat(blocks).containsExactly(CODE << 8 | 12);
        assertThat(numbers).hasSize(1);
        assertThat(engine.requestCache(CODE)).isEqualTo(3);
        assertThat(engine.requestCache(0x4000_0000L)).isNegative();
    }

    @Test
    void context_survivesItsEngine_andFitsOnlyItsKind() {
        engine.regWrite(RiscvConst.UC_RISCV_REG_A0, 5);
        EngineContext context = engine.contextAlloc();
        assertThat(engine.contextSave(context)).isZero();
        assertThat(context.segment().byteSize()).isEqualTo(engine.contextSizeBytes());
        try (Engine other = Engine.open(UnicornConst.UC_ARCH_RISCV, UnicornConst.UC_MODE_RISCV64);
                Engine alien = Engine.open(UnicornConst.UC_ARCH_X86, UnicornConst.UC_MODE_64)) {
            engine.close();
            assertThat(other.contextRestore(context)).isZero();
            assertThat(other.regRead(RiscvConst.UC_RISCV_REG_A0)).isEqualTo(5);
            assertThat(alien.contextRestore(context)).isEqualTo(UnicornConst.UC_ERR_ARG);
            context.close();
            context.close();
            assertThatThrownBy(() -> other.contextRestore(context)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void exceptionInAFill_comesOutOfEmuStart_andTheEngineGoesOn() {
        Exception thrown = new Exception("checked on purpose");
        long hook = onFill((virtAddr, accessType) -> {
            if (virtAddr == 0x2000) {
                EngineTest.<RuntimeException>sneak(thrown);
            }
            return identity(virtAddr, accessType);
        });
        code(0x0005b503); // ld a0, 0(a1)
        engine.regWrite(RiscvConst.UC_RISCV_REG_A1, 0x2000);
        assertThatThrownBy(() -> engine.emuStart(CODE, 0, 0, 1)).isSameAs(thrown);
        engine.regWrite(RiscvConst.UC_RISCV_REG_A1, 0x3000);
        assertThat(engine.emuStart(CODE, 0, 0, 1)).isZero();
        assertThat(engine.hookDel(hook)).isZero();
        assertThat(engine.hookDel(hook)).isEqualTo(UnicornConst.UC_ERR_HOOK);
    }

    @Test
    void stackOverflowInABlockHook_comesOutOfEmuStart() {
        onFill(EngineTest::identity);
        code(0x0000006f); // j .
        RawBlock endless = (virtAddr, sizeBytes) -> overflow(virtAddr);
        engine.hookAdd(UnicornConst.UC_HOOK_BLOCK, engine.blockStub(endless), MemorySegment.NULL, 1, 0, 0);
        assertThatThrownBy(() -> engine.emuStart(CODE, 0, 0, 0)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void closeInsideAFill_isDeferred_andEveryLaterCallSaysSo() {
        onFill((virtAddr, accessType) -> {
            engine.close();
            assertThatThrownBy(() -> engine.tlbFlush()).isInstanceOf(UnicornException.class);
            return identity(virtAddr, accessType);
        });
        code(0x0000006f);
        assertThat(engine.emuStart(CODE, 0, 0, 0)).isNotEqualTo(-1);
        assertThat(engine.isClosed()).isTrue();
        assertThatThrownBy(() -> engine.regRead(RiscvConst.UC_RISCV_REG_PC))
                .isInstanceOf(UnicornException.class)
                .hasMessageContaining("closed");
        engine.close();
    }

    @Test
    void closeInsideABlockHook_orFromAnotherThread_stopsTheGuest() throws InterruptedException {
        onFill(EngineTest::identity);
        code(0x0000006f);
        Thread closer = new Thread(() -> engine.close());
        RawBlock starting = (virtAddr, sizeBytes) -> {
            if (closer.getState() == Thread.State.NEW) {
                closer.start();
            }
        };
        engine.hookAdd(UnicornConst.UC_HOOK_BLOCK, engine.blockStub(starting), MemorySegment.NULL, 1, 0, 0);
        int _ = engine.emuStart(CODE, 0, 0, 0);
        closer.join();
        assertThat(engine.isClosed()).isTrue();
    }

    @SuppressWarnings("InfiniteRecursion")
    private static long overflow(long depth) {
        return overflow(depth + 1) + 1;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
