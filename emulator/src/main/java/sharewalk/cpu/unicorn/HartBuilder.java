package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import sharewalk.cpu.RiscV64;
import sharewalk.host.HostMemory;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cause.FlushShadow;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.walk.PteCaches;
import unicorn.Engine;
import unicorn.UnicornConst;
import unicorn.X86Const;

/// The wiring of a hart: an engine in user mode, an [Mmu], and the hooks that tie them.
final class HartBuilder {
    /// Enough for the code of large programs; a smaller buffer is emptied and refilled over and over.
    private static final int TRANSLATED_CODE_BYTES = 64 << 20;

    private final MachineSpec spec;
    private final MemorySegment ram;
    private final PhysicalMemory memory;
    private final TranslatedFrames frames;
    private final BlockTables tables;
    private final PteCaches pteCaches;
    private final boolean riscv;

    HartBuilder(
            MachineSpec spec,
            MemorySegment ram,
            PhysicalMemory memory,
            TranslatedFrames frames,
            BlockTables tables,
            PteCaches pteCaches) {
        this.spec = spec;
        this.ram = ram;
        this.memory = memory;
        this.frames = frames;
        this.tables = tables;
        this.pteCaches = pteCaches;
        this.riscv = spec.isa() instanceof RiscV64;
    }

    UnicornCpu build(int hart) {
        Engine engine = open();
        Arena arena = Arena.ofShared();
        RegisterFile registers = riscv ? new RiscvRegisters(engine) : new X86Registers(engine, arena);
        InstructionDecoder decoder = riscv ? new RiscvDecoder() : new X86Decoder();
        EngineTranslations translations = new EngineTranslations(engine, spec.exhaustive());
        QuietCodePages quietPages = new QuietCodePages(new BlockState(arena));
        HartSeed seed = new HartSeed(spec.seed(), hart);
        Mmu mmu = new Mmu(spec.profile(), spec.paging(), memory, seed, translations, quietPages);
        mmu.readEntriesThrough(pteCaches.ofHart(hart));
        explainMisses(mmu, seed, translations, quietPages);
        ModelledAccesses model = new ModelledAccesses(mmu);
        GuestCode code = new GuestCode(mmu, memory);
        CurrentInstruction instruction = new CurrentInstruction(quietPages.state(), registers, code, decoder);
        DataModel data = new DataModel(model, instruction, spec.profile().l1d().boundaryOfNeighboursInOneSet());
        FrameAddresses addresses = new FrameAddresses(memory);
        SoftTlb softTlb = new SoftTlb(translations, model, data, frames, addresses, spec.exhaustive());
        BlockCounter blocks = new BlockCounter(engine, model, code, decoder, quietPages, spec.exhaustive());
        EngineEvents events = new EngineEvents(engine);
        hook(engine, UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(softTlb), 0);
        DirectTranslations direct = new DirectTranslations(engine, spec, memory, ram.address());
        OptionalLong reservation = enterUserMode(
                engine, softTlb, registers, () -> direct.openFor(translations, softTlb, quietPages.state(), arena));
        hookEvents(engine, events);
        hookAccesses(engine, new AccessHook(mmu, data, addresses));
        hookBlocks(engine, blocks, quietPages.state(), arena);
        frames.add(engine, translations);
        ContextStore contexts = new ContextStore(engine, registers, blocks, reservation.orElse(-1), spec.harts() > 1);
        return new UnicornCpu(new HartParts(
                spec.isa(),
                engine,
                arena,
                model,
                registers,
                code,
                translations,
                softTlb,
                blocks,
                tables,
                decoder,
                events,
                direct,
                riscv ? new RiscvExceptions(registers, code) : new X86Exceptions(registers),
                riscv ? new RiscvCounterReads(registers) : new X86HostDependent(registers, spec.seed(), hart),
                contexts,
                spec.exhaustive()));
    }

    private void explainMisses(Mmu mmu, HartSeed seed, QuietPageListener data, QuietPageListener fetches) {
        if (spec.misses().wanted()) {
            FlushShadow.Hardware hardware = new FlushShadow.Hardware(
                    spec.profile().tlbs(), spec.profile().walker(), spec.paging(), memory, spec.exhaustive());
            FlushShadow shadow = new FlushShadow(hardware, seed, data, fetches);
            shadow.spare(spec.misses().spared());
            mmu.explainMisses(shadow);
        }
    }

    private Engine open() {
        Engine engine = Engine.open(
                riscv ? UnicornConst.UC_ARCH_RISCV : UnicornConst.UC_ARCH_X86,
                riscv ? UnicornConst.UC_MODE_RISCV64 : UnicornConst.UC_MODE_64);
        check(engine.setCodeBufferSize(TRANSLATED_CODE_BYTES));
        check(engine.mapPtr(0, ram.byteSize(), UnicornConst.UC_PROT_ALL, ram));
        check(engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL));
        return engine;
    }

    // Frame 0 is never handed out, so that the code that has to run before any program can lie there.
    private OptionalLong enterUserMode(Engine engine, SoftTlb softTlb, RegisterFile registers, Runnable inUserMode) {
        softTlb.setOneFrame(true);
        if (!riscv) {
            byte[] code = X86Registers.userModeCode();
            memory.write(0, code, 0, code.length);
        }
        registers.enterUserMode();
        OptionalLong reservation = riscv ? LoadReservation.find(engine, memory) : OptionalLong.empty();
        inUserMode.run();
        memory.zeroFrame(0);
        engine.invalidateCode(0, PhysicalMemory.FRAME_BYTES);
        softTlb.setOneFrame(false);
        registers.reset();
        if (riscv && reservation.isEmpty()) {
            throw new EngineRefusedException("Unicorn cannot be used for riscv64: its load reservation is not found");
        }
        return reservation;
    }

    private void hookAccesses(Engine engine, AccessHook accesses) {
        if (spec.exhaustive()) {
            int everyAccess = UnicornConst.UC_HOOK_MEM_READ | UnicornConst.UC_HOOK_MEM_WRITE;
            hook(engine, everyAccess, engine.memStub(accesses), 0);
        }
    }

    private void hookEvents(Engine engine, EngineEvents events) {
        hook(engine, UnicornConst.UC_HOOK_INTR, engine.interruptStub(events::interrupted), 0);
        if (!riscv) {
            hook(engine, UnicornConst.UC_HOOK_INSN, engine.voidStub(events::calledSystem), X86Const.UC_X86_INS_SYSCALL);
        }
    }

    private static void hookBlocks(Engine engine, BlockCounter blocks, BlockState state, Arena arena) {
        MemorySegment upcall = engine.blockStub(blocks);
        if (!BlockStub.fitsHost()) {
            hook(engine, UnicornConst.UC_HOOK_BLOCK, upcall, 0);
            return;
        }
        state.setCalls(upcall, Engine.stopFunction());
        long ignored = engine.hookAdd(
                UnicornConst.UC_HOOK_BLOCK, HostMemory.executable(BlockStub.code(), arena), state.segment(), 1, 0, 0);
    }

    private static void hook(Engine engine, int type, MemorySegment stub, int instruction) {
        long ignored = engine.hookAdd(type, stub, MemorySegment.NULL, 1, 0, instruction);
    }

    private static void check(int error) {
        if (error != 0) {
            throw new EngineRefusedException("Unicorn cannot be set up: " + Engine.errorText(error));
        }
    }
}
