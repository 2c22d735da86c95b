package sharewalk.benchmark;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sharewalk.cpu.RiscV64;
import sharewalk.host.HostMemory;
import unicorn.Engine;
import unicorn.UnicornConst;

/// The loop on an engine without a model: a fill hook that answers every address with itself, and nothing else.
final class BareLoop implements LoopRunner {
    private static final long RAM_BYTES = 64 << 20;
    private static final int TRANSLATED_CODE_BYTES = 64 << 20;
    private static final long CODE = 0x10000;
    private static final long FIRST_PAGE = 0x20_0000;

    private final Arena arena = Arena.ofShared();
    private final LoopProgram program;
    private final long[] start;
    private final Engine engine;

    BareLoop(LoopProgram program, Workload workload) {
        this.program = program;
        this.start = program.start(workload, FIRST_PAGE);
        boolean riscv = program.isa() instanceof RiscV64;
        this.engine = Engine.open(
                riscv ? UnicornConst.UC_ARCH_RISCV : UnicornConst.UC_ARCH_X86,
                riscv ? UnicornConst.UC_MODE_RISCV64 : UnicornConst.UC_MODE_64);
        MemorySegment ram = HostMemory.reserve(RAM_BYTES, arena);
        byte[] code = program.code();
        MemorySegment.copy(code, 0, ram, JAVA_BYTE, CODE, code.length);
        check(engine.setCodeBufferSize(TRANSLATED_CODE_BYTES));
        check(engine.mapPtr(0, RAM_BYTES, UnicornConst.UC_PROT_ALL, ram));
        check(engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL));
        long _ = engine.hookAdd(
                UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(BareLoop::fill), MemorySegment.NULL, 1, 0, 0);
    }

    // Data never carries X: that would make every later store to the page slow.
    private static long fill(long virtAddr, int accessType) {
        return virtAddr
                | (accessType == UnicornConst.UC_MEM_FETCH
                        ? UnicornConst.UC_PROT_EXEC
                        : UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE);
    }

    private static void check(int error) {
        if (error != UnicornConst.UC_ERR_OK) {
            throw new IllegalStateException(Engine.errorText(error));
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < start.length; i++) {
            engine.regWrite(program.engineRegisters()[i], start[i]);
        }
        long end = CODE + program.code().length - program.bytesAfterLoop();
        check(engine.emuStart(CODE, end, 0, 0));
    }

    @Override
    public long dataMisses() {
        return 0;
    }

    @Override
    public void close() {
        engine.close();
        arena.close();
    }
}
