package sharewalk.cpu.unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sharewalk.cpu.CodeFrames;
import sharewalk.host.HostMemory;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.walk.PteCaches;
import unicorn.Engine;

/// Guest RAM and the harts that share it.
///
/// The harts are used by one thread, one at a time, so that a guest's atomics are atomic and every run is the same.
public final class UnicornMachine implements AutoCloseable {
    private final MachineSpec spec;
    private final Arena arena;
    private final PhysicalMemory memory;
    private final FrameAllocator allocator;
    private final TranslatedFrames translated;
    private final PteCaches pteCaches;
    private final List<UnicornCpu> harts = new ArrayList<>();

    private UnicornMachine(MachineSpec spec) {
        this.spec = spec;
        this.arena = Arena.ofShared();
        MemorySegment ram = HostMemory.reserve(spec.ramBytes(), arena);
        this.memory = SegmentMemory.of(ram);
        FrameTable frames = FrameTable.of(memory);
        BlockTables tables = new BlockTables();
        this.translated = new TranslatedFrames(frames, tables);
        this.allocator = new FrameAllocator(frames, memory, translated);
        this.pteCaches = PteCaches.of(spec.profile().walker().pteCaches(), spec.harts(), spec.seed());
        HartBuilder builder = new HartBuilder(spec, ram, memory, translated, tables, pteCaches);
        for (int hart = 0; hart < spec.harts(); hart++) {
            harts.add(builder.build(hart));
        }
    }

    /// Returns a machine with empty RAM and idle harts.
    ///
    /// @throws sharewalk.host.HostMemoryException if the host has not that much address space
    /// @throws EngineRefusedException if the engine lacks something that exact counts need
    public static UnicornMachine create(MachineSpec spec) {
        EngineSelfTest.requirePassed(spec.isa());
        return new UnicornMachine(spec);
    }

    /// Returns a machine on an engine that need not be fit for it.
    static UnicornMachine untested(MachineSpec spec) {
        return new UnicornMachine(spec);
    }

    /// Returns the version of the engine, as `2.1.4`.
    public static String engineVersion() {
        int version = Engine.version();
        return (version >>> 24) + "." + (version >>> 16 & 0xff) + "." + (version >>> 8 & 0xff);
    }

    /// Returns what it was made of.
    public MachineSpec spec() {
        return spec;
    }

    /// Returns guest RAM.
    public PhysicalMemory memory() {
        return memory;
    }

    /// Returns the owner of all frames of guest RAM.
    public FrameAllocator allocator() {
        return allocator;
    }

    /// Returns the frames code was translated from.
    public CodeFrames codeFrames() {
        return translated;
    }

    /// Returns the caches that walkers read entries through, to be told what software writes into tables.
    public PteCaches pteCaches() {
        return pteCaches;
    }

    /// Returns the harts, by number.
    public List<UnicornCpu> harts() {
        return List.copyOf(harts);
    }

    @Override
    public void close() {
        harts.forEach(UnicornCpu::close);
        arena.close();
    }
}
