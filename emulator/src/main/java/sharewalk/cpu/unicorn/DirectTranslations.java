package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.mmu.memory.PhysicalMemory;
import unicorn.Engine;
import unicorn.EngineTlb;
import unicorn.EngineTlbSearch;
import unicorn.RiscvConst;
import unicorn.X86Const;

/// The fast ways to an engine's translations, tried out on the engine itself before they are used.
///
/// Each is optional: without them every count is the same and only takes longer. `-Dsharewalk.engine.direct=false`
/// leaves them alone.
final class DirectTranslations implements AutoCloseable {
    private static final boolean WANTED = Boolean.parseBoolean(System.getProperty("sharewalk.engine.direct", "true"));

    /// `ld a0, 0(a1)` and `mov rax, [rbx]`.
    private static final String RISCV_LOAD = "03b50500";

    private static final String X86_LOAD = "488b03";
    private static final int MODES = 16;
    private static final long PAGE = 0x35_7000;
    private static final long OTHER_PAGE = 0x35_8000;
    private static final int OFFSET = 8;
    private static final long CONTENT = 0x5357_4c4b_1234_5678L;

    private final Engine engine;
    private final GuestIsa isa;
    private final MachineSpec spec;
    private final boolean wanted;
    private final PhysicalMemory memory;
    private final long host;
    private @Nullable EngineTlb table;
    private @Nullable ResidentPages resident;

    /// Creates the ways of one engine.
    ///
    /// @param host the host address of frame 0
    DirectTranslations(Engine engine, MachineSpec spec, PhysicalMemory memory, long host) {
        this.engine = engine;
        this.spec = spec;
        this.isa = spec.isa();
        this.wanted = WANTED && !spec.exhaustive();
        this.memory = memory;
        this.host = host;
    }

    /// Finds what there is in this engine, and lets `translations` use it.
    ///
    /// Preconditions:
    /// - frame 0 is unused, and the engine is in user mode with every page being frame 0
    void openFor(EngineTranslations translations, SoftTlb softTlb, BlockState blocks, Arena arena) {
        if (!wanted) {
            return;
        }
        TouchRedirection redirection = TouchRedirection.of(isa);
        byte[] code = HexFormat.of().parseHex(riscv() ? RISCV_LOAD : X86_LOAD);
        memory.write(0, code, 0, code.length);
        memory.write64(OFFSET, CONTENT);
        engine.invalidateCode(0, PhysicalMemory.FRAME_BYTES);
        Optional<EngineTlb> found = EngineTlbSearch.find(engine, this::loadFrom, host);
        if (found.isPresent()) {
            table = found.get();
            translations.useTable(table, host);
            if (redirection.isOpen()) {
                ResidentPages pages =
                        new ResidentPages(table, blocks, spec.profile().l1d().entries(), arena);
                if (redirection.add(table.cpuState(), pages)) {
                    if (findMode(table, pages)) {
                        resident = pages;
                        translations.keepAside(pages);
                        pages.setAsk(EngineTlb.directFillStub(engine, softTlb));
                    } else {
                        redirection.remove(table.cpuState());
                    }
                }
            }
        }
        int ignored = engine.tlbFlush();
    }

    private boolean loadFrom(long virtAddr) {
        engine.regWrite(riscv() ? RiscvConst.UC_RISCV_REG_X0 + 11 : X86Const.UC_X86_REG_RBX, virtAddr);
        int codeBytes = (riscv() ? RISCV_LOAD : X86_LOAD).length() / 2;
        return engine.emuStart(0, codeBytes, 0, 0) == 0;
    }

    private boolean findMode(EngineTlb tlb, ResidentPages pages) {
        boolean found = false;
        for (int mode = 0; mode < MODES && !found; mode++) {
            found = loadFrom(PAGE) && touchesIn(mode, tlb, pages);
            pages.clearLog();
            pages.forgetAll();
            int ignored = engine.tlbFlush();
        }
        pages.forgetLastTouched();
        return found;
    }

    /// Returns whether the machine code takes a load from a page that was overtaken, in one mode of the engine.
    private boolean touchesIn(int mode, EngineTlb tlb, ResidentPages pages) {
        pages.overtaken(0, PAGE);
        boolean taken = !tlb.holds(PAGE) && loadFrom(OTHER_PAGE);
        pages.touchedLast(0, OTHER_PAGE, false);
        pages.setMode(mode);
        return taken
                && loadFrom(PAGE + OFFSET)
                && result() == CONTENT
                && pages.logged() == 1
                && pages.logged(0) == PAGE
                && tlb.holds(PAGE)
                && !tlb.holds(OTHER_PAGE);
    }

    private long result() {
        return engine.regRead(riscv() ? RiscvConst.UC_RISCV_REG_X0 + 10 : X86Const.UC_X86_REG_RAX);
    }

    private boolean riscv() {
        return isa instanceof RiscV64;
    }

    /// Returns whether data rights are dropped in place.
    boolean dropsInPlace() {
        return table != null;
    }

    /// Returns whether resident pages are touched by machine code.
    boolean touchesInPlace() {
        return resident != null;
    }

    @Override
    public void close() {
        if (table != null) {
            TouchRedirection.of(isa).remove(table.cpuState());
        }
    }
}
