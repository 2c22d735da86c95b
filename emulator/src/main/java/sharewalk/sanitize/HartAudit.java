package sharewalk.sanitize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.StaleTranslation;
import sharewalk.mmu.TranslationAudit;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AddressSpaceRegister;

/// The comparison of one hart's caches, made when something can have changed.
final class HartAudit {
    private final Mmu mmu;
    private final UnicornCpu hart;
    private final TranslationAudit audit;
    private long changesSeen = -1;
    private @Nullable AddressSpaceRegister spaceSeen;

    HartAudit(UnicornCpu hart, FrameTable frames) {
        this.hart = hart;
        mmu = hart.mmu();
        hart.recordRights();
        audit = new TranslationAudit(mmu, frames);
    }

    long compared() {
        return audit.compared();
    }

    List<StaleTranslation> run(long changes) {
        if (changes == changesSeen && mmu.space().equals(spaceSeen)) {
            return List.of();
        }
        changesSeen = changes;
        spaceSeen = mmu.space();
        List<StaleTranslation> stale = new ArrayList<>(audit.run());
        // The engine resizes its tables by the host's clock: their order is nobody's business.
        List<StaleTranslation> ofEngine = new ArrayList<>();
        hart.forEachRight((virtAddr, translation) -> {
            @Nullable
            StaleTranslation wrong =
                    audit.check("the engine's own cache", virtAddr, PhysicalMemory.FRAME_BYTES, translation);
            if (wrong != null) {
                ofEngine.add(wrong);
            }
        });
        ofEngine.sort(Comparator.comparingLong(StaleTranslation::virtAddr));
        stale.addAll(ofEngine);
        return stale;
    }
}
