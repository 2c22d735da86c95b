package sharewalk.mmu.walk;

import java.util.List;
import java.util.function.IntSupplier;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.memory.TableListener;

/// The data caches of a machine as far as walkers read table entries through them: a [PteCache] for each hart, kept
/// coherent.
///
/// They hold lines with table entries and nothing else, so they say where entries are found at best; at worst each
/// comes from memory. Data and code do not compete for them. Lines are known by physical address: whoever walks through
/// the same table finds the same lines.
///
/// *A write* of an entry, by software or by a walker that sets accessed and dirty bits, brings the line to the hart
/// that writes and takes it out of what the other harts have of their own. A new table page is written whole.
public final class PteCaches implements TableListener {
    private final PteCache[] harts;
    private IntSupplier writer = () -> 0;

    private PteCaches(PteCacheGeometry geometry, int harts, long seed) {
        List<PteCacheGeometry.Level> levels = geometry.levels();
        int own = (int) levels.stream().filter(level -> !level.shared()).count();
        PteCacheLevel[] shared = new PteCacheLevel[levels.size()];
        HartSeed common = new HartSeed(seed, 0);
        for (int i = own; i < levels.size(); i++) {
            shared[i] = new PteCacheLevel(levels.get(i), common.of("pteL" + (i + 1)));
        }
        this.harts = new PteCache[harts];
        for (int hart = 0; hart < harts; hart++) {
            PteCacheLevel[] seen = shared.clone();
            for (int i = 0; i < own; i++) {
                seen[i] = new PteCacheLevel(levels.get(i), new HartSeed(seed, hart).of("pteL" + (i + 1)));
            }
            this.harts[hart] = new PteCache(this, seen, own);
        }
    }

    /// Returns the caches of a machine with the given number of harts, all empty.
    public static PteCaches of(PteCacheGeometry geometry, int harts, long seed) {
        return new PteCaches(geometry, harts, seed);
    }

    /// Returns the caches as a hart's walker sees them.
    public PteCache ofHart(int hart) {
        return harts[hart];
    }

    /// Sets who says on which hart the software runs that writes tables; until then it is hart 0.
    public void softwareRunsOn(IntSupplier hart) {
        writer = hart;
    }

    @Override
    public void entryWritten(long physAddr) {
        written(harts[writer.getAsInt()], physAddr);
    }

    @Override
    public void tableZeroed(long pfn) {
        long start = pfn << PhysicalMemory.FRAME_SHIFT;
        for (int offset = 0; offset < PhysicalMemory.FRAME_BYTES; offset += PteCacheGeometry.LINE_BYTES) {
            entryWritten(start + offset);
        }
        for (PteCache hart : harts) {
            hart.dropSnoopedFrame(pfn);
        }
    }

    void written(PteCache byHart, long entryAddress) {
        var _ = byHart.fetch(entryAddress);
        for (PteCache hart : harts) {
            hart.dropSnooped(entryAddress);
            if (hart != byHart) {
                hart.dropOwn(entryAddress);
            }
        }
    }
}
