package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import unicorn.Engine;
import unicorn.RawTlbFill;
import unicorn.RiscvConst;
import unicorn.UnicornConst;
import unicorn.X86Const;

/// A small engine on which the behaviour that exact counts rest on is tried out.
///
/// Its program is a loop that loads a word from [#DATA] and calls a function in another page.
final class EngineProbe implements RawTlbFill, AutoCloseable {
    private static final long RAM_BYTES = 1 << 16;
    private static final long PAGE_BYTES = 4096;
    private static final long LOOP = 0x1000;
    private static final long FUNCTION = 0x2000;
    private static final long PAGE = 0x3000;
    private static final long STACK = 0x4800;

    /// Misaligned, so that an address rounded to anything shows.
    private static final long DATA = PAGE + 0x123;

    private static final byte[] RISCV_LOOP = HexFormat.of().parseHex("88418962e78002007d167dfa73000000");
    private static final int RISCV_LOOP_BYTES = 12;
    private static final byte[] RISCV_FUNCTION = HexFormat.of().parseHex("8280");
    /// `li a0, 7; ret`.
    private static final byte[] RISCV_CHANGED = HexFormat.of().parseHex("1d458280");

    private static final byte[] X86_LOOP = HexFormat.of().parseHex("8b06bb00200000ffd3ffc975f30f05");
    private static final int X86_LOOP_BYTES = 13;
    private static final byte[] X86_FUNCTION = HexFormat.of().parseHex("c3");

    /// `mov eax, 7; ret`.
    private static final byte[] X86_CHANGED = HexFormat.of().parseHex("b807000000c3");

    private static final long CHANGED_RESULT = 7;
    private static final int RISCV_DATA = 11;
    private static final int RISCV_ROUNDS = 12;
    private static final int X86_DATA = 6;
    private static final int X86_ROUNDS = 1;

    private final Arena arena = Arena.ofConfined();
    private final Engine engine;
    private final MemorySegment ram;
    private final boolean riscv;
    private final long loopEnd;
    private long dataFills;
    private long functionFills;
    private long pcInFill;
    private boolean refuseData;

    EngineProbe(GuestIsa isa) {
        riscv = isa instanceof RiscV64;
        engine = Engine.open(
                riscv ? UnicornConst.UC_ARCH_RISCV : UnicornConst.UC_ARCH_X86,
                riscv ? UnicornConst.UC_MODE_RISCV64 : UnicornConst.UC_MODE_64);
        ram = arena.allocate(RAM_BYTES, PAGE_BYTES);
        for (Content content : contents(riscv)) {
            byte[] bytes = content.bytes();
            MemorySegment.copy(bytes, 0, ram, ValueLayout.JAVA_BYTE, content.virtAddr(), bytes.length);
        }
        loopEnd = LOOP + (riscv ? RISCV_LOOP_BYTES : X86_LOOP_BYTES);
        int error = engine.mapPtr(0, RAM_BYTES, UnicornConst.UC_PROT_ALL, ram)
                | engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL);
        long hook = engine.hookAdd(UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(this), MemorySegment.NULL, 1, 0, 0);
        if (error != 0 || hook == 0) {
            throw new EngineRefusedException("libunicorn offers no virtual TLB; Unicorn 2.1.4 does");
        }
    }

    /// The bytes of a page.
    @SuppressWarnings("ArrayRecordComponent")
    record Content(long virtAddr, byte[] bytes) {}

    /// Returns the pages of the program: the loop, which a system call follows, the function, data and stack.
    static List<Content> contents(boolean riscv) {
        return List.of(
                new Content(LOOP, (riscv ? RISCV_LOOP : X86_LOOP).clone()),
                new Content(FUNCTION, (riscv ? RISCV_FUNCTION : X86_FUNCTION).clone()),
                new Content(PAGE, new byte[0]),
                new Content(STACK & -PAGE_BYTES, new byte[0]));
    }

    /// Sets the registers of a hart for `rounds` rounds of the loop.
    static void prepare(Cpu cpu, int rounds) {
        boolean riscv = cpu.isa() instanceof RiscV64;
        cpu.setPc(LOOP);
        cpu.setGeneral(riscv ? RISCV_DATA : X86_DATA, DATA);
        cpu.setGeneral(riscv ? RISCV_ROUNDS : X86_ROUNDS, rounds);
        cpu.setGeneral(cpu.isa().stackPointerRegister(), STACK);
    }

    @Override
    public long fill(long virtAddr, int accessType) {
        if (virtAddr == PAGE) {
            dataFills++;
            pcInFill = engine.regRead(riscv ? RiscvConst.UC_RISCV_REG_PC : X86Const.UC_X86_REG_RIP);
            if (refuseData) {
                return -1;
            }
        }
        if (virtAddr == FUNCTION) {
            functionFills++;
        }
        int rights = accessType == UnicornConst.UC_MEM_FETCH
                ? UnicornConst.UC_PROT_EXEC
                : UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE;
        return virtAddr | rights;
    }

    /// Returns what the engine does differently from what exact counts need, in words; empty with a fitting one.
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        refuseData = true;
        int error = run(1);
        require(findings, error == UnicornConst.UC_ERR_EXCEPTION, "a refused fill does not end the run");
        require(findings, engine.faultAddress() == DATA, "the exact fault address is not found");
        require(findings, pcInFill == LOOP, "the program counter is wrong inside a fill");
        refuseData = false;
        require(findings, run(1) == 0 && dataFills == 2, "a load does not ask the fill hook");
        require(findings, run(3) == 0 && dataFills == 2, "a cached translation is not used");
        engine.tlbFlushPage(PAGE);
        require(findings, run(1) == 0 && dataFills == 3, "flushing one page does not make the engine ask again");
        long before = functionFills;
        engine.tlbFlushPage(FUNCTION);
        require(findings, run(2) == 0 && functionFills > before, "flushing a code page leaves jumps into it cached");
        changeFunction();
        require(findings, run(1) == 0 && result() == CHANGED_RESULT, "code changed from outside is not forgotten");
        return findings;
    }

    private void changeFunction() {
        byte[] changed = riscv ? RISCV_CHANGED : X86_CHANGED;
        MemorySegment.copy(changed, 0, ram, ValueLayout.JAVA_BYTE, FUNCTION, changed.length);
        engine.invalidateCode(FUNCTION, FUNCTION + PAGE_BYTES);
    }

    private long result() {
        return engine.regRead(riscv ? RiscvConst.UC_RISCV_REG_A0 : X86Const.UC_X86_REG_RAX);
    }

    private static void require(List<String> findings, boolean holds, String otherwise) {
        if (!holds) {
            findings.add(otherwise);
        }
    }

    private int run(int rounds) {
        if (riscv) {
            engine.regWrite(RiscvConst.UC_RISCV_REG_A1, DATA);
            engine.regWrite(RiscvConst.UC_RISCV_REG_A2, rounds);
        } else {
            engine.regWrite(X86Const.UC_X86_REG_RSI, DATA);
            engine.regWrite(X86Const.UC_X86_REG_ECX, rounds);
            engine.regWrite(X86Const.UC_X86_REG_RSP, STACK);
        }
        return engine.emuStart(LOOP, loopEnd, 0, 0);
    }

    @Override
    public void close() {
        engine.close();
        arena.close();
    }
}
