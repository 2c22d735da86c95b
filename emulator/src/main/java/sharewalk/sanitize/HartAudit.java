package sharewalk.sanitize;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.GrantedPages;
import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.StaleTranslation;
import sharewalk.mmu.TranslationAudit;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.PhysicalMemory;

/// The comparison of one hart's caches, made when something can have changed.
final class HartAudit {
    private final Mmu mmu;
    private final GrantedPages granted;
    private final TranslationAudit audit;
    private long changesSeen = -1;
    private long rootSeen = -1;
    private int asidSeen = -1;

    HartAudit(UnicornCpu hart, FrameTable frames) {
        mmu = hart.mmu();
        granted = hart.recordGrants();
        audit = new TranslationAudit(mmu, frames);
    }

    long compared() {
        return audit.compared();
    }

    List<StaleTranslation> run(long changes) {
        if (changes == changesSeen && mmu.rootPfn() == rootSeen && mmu.asid() == asidSeen) {
            return List.of();
        }
        changesSeen = changes;
        rootSeen = mmu.rootPfn();
        asidSeen = mmu.asid();
        List<StaleTranslation> stale = new ArrayList<>(audit.run());
        granted.forEach((virtAddr, translation) -> {
            @Nullable
            StaleTranslation wrong =
                    audit.check("the engine's own cache", virtAddr, PhysicalMemory.FRAME_BYTES, translation);
            if (wrong != null) {
                stale.add(wrong);
            }
        });
        return stale;
    }
}
