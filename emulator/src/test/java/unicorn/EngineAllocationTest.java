package unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Running, filling, stopping and register access leave nothing for the garbage collector.
@Tag("native")
class EngineAllocationTest {
    private static final long CODE = 0x1000;
    private static final long STORE = 0x2000;
    private static final int ROUNDS = 20_000;
    private static final int[] LOAD_THEN_CALL = {0x0005b503, 0x00000073}; // ld a0, 0(a1); ecall

    private long fills;

    private void rounds(Engine engine, EngineContext context, RegisterBatch batch) {
        for (int i = 0; i < ROUNDS; i++) {
            engine.regWrite(RiscvConst.UC_RISCV_REG_A1, STORE);
            engine.tlbFlushPage(STORE);
            int error = engine.emuStart(CODE, 0, 0, 0);
            error += engine.contextSave(context) + engine.contextRestore(context) + engine.regRead(batch);
            if (error != 0 || engine.regRead(RiscvConst.UC_RISCV_REG_A0) != 42 || batch.value(0) != 42) {
                throw new AssertionError("round " + i + ": error " + error);
            }
        }
    }

    @Test
    void oneRound_allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined();
                Engine engine = Engine.open(UnicornConst.UC_ARCH_RISCV, UnicornConst.UC_MODE_RISCV64)) {
            MemorySegment ram = arena.allocate(1 << 16, 4096);
            MemorySegment.copy(LOAD_THEN_CALL, 0, ram, ValueLayout.JAVA_INT, CODE, LOAD_THEN_CALL.length);
            ram.set(ValueLayout.JAVA_LONG, STORE, 42);
            assertThat(engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL)).isZero();
            assertThat(engine.mapPtr(0, ram.byteSize(), UnicornConst.UC_PROT_ALL, ram))
                    .isZero();
            RawTlbFill fill = (virtAddr, accessType) -> {
                fills++;
                return virtAddr | (accessType == UnicornConst.UC_MEM_FETCH ? 4 : 1);
            };
            RawInterrupt stop = number -> engine.emuStop();
            engine.hookAdd(UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(fill), MemorySegment.NULL, 1, 0, 0);
            engine.hookAdd(UnicornConst.UC_HOOK_INTR, engine.interruptStub(stop), MemorySegment.NULL, 1, 0, 0);
            EngineContext context = engine.contextAlloc();
            RegisterBatch batch = engine.batch(RiscvConst.UC_RISCV_REG_A0, RiscvConst.UC_RISCV_REG_A1);

            rounds(engine, context, batch);
            long before = threads.getCurrentThreadAllocatedBytes();
            rounds(engine, context, batch);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(ROUNDS);
            assertThat(fills).isBetween(2L * ROUNDS, 2L * ROUNDS + 2);
            context.close();
        }
    }
}
