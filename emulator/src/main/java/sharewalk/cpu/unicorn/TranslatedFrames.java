package sharewalk.cpu.unicorn;

import java.util.ArrayList;
import java.util.List;
import sharewalk.cpu.CodeFrames;
import sharewalk.mmu.memory.FrameListener;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.PhysicalMemory;
import unicorn.Engine;

/// The frames code was translated from, on any hart.
///
/// Engines notice a store through the address the code was fetched from and nothing else: not one through another
/// address, another engine or Java. So while a frame holds code no engine has a right to write it, and the first write
/// makes every engine forget that code.
final class TranslatedFrames implements CodeFrames, FrameListener {
    private final FrameTable frames;
    private final BlockTables tables;
    private final List<Engine> engines = new ArrayList<>();
    private final List<EngineTranslations> translations = new ArrayList<>();

    TranslatedFrames(FrameTable frames, BlockTables tables) {
        this.frames = frames;
        this.tables = tables;
    }

    void add(Engine engine, EngineTranslations ofEngine) {
        engines.add(engine);
        translations.add(ofEngine);
    }

    boolean holdCode(long physAddr) {
        return frames.heldCode(physAddr >>> PhysicalMemory.FRAME_SHIFT);
    }

    /// Notes a fetch: rights to write the frame that engines still have must go.
    void fetched(long physAddr) {
        long pfn = physAddr >>> PhysicalMemory.FRAME_SHIFT;
        if (!frames.heldCode(pfn)) {
            frames.markCode(pfn);
            forgetTranslations();
        }
    }

    /// Notes that a right to write the frame is about to be given.
    void written(long physAddr) {
        long pfn = physAddr >>> PhysicalMemory.FRAME_SHIFT;
        if (frames.heldCode(pfn)) {
            discard(pfn);
        }
    }

    @Override
    public void discard(long pfn) {
        long start = pfn << PhysicalMemory.FRAME_SHIFT;
        for (Engine engine : engines) {
            engine.invalidateCode(start, start + PhysicalMemory.FRAME_BYTES);
        }
        tables.clear();
        forgetTranslations();
        frames.clearCode(pfn);
    }

    @Override
    public void recycled(long pfn) {
        discard(pfn);
    }

    private void forgetTranslations() {
        translations.forEach(EngineTranslations::forgetAll);
    }
}
