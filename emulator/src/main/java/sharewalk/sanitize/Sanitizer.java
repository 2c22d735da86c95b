package sharewalk.sanitize;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.kernel.ReturnCheck;
import sharewalk.mmu.StaleTranslation;
import sharewalk.mmu.memory.FrameTable;

/// A check of every translation that a hart could use, before it returns to its program: each entry of the modelled
/// TLBs and walk caches, and each right that the engine may hold, is compared with a fresh walk.
///
/// A hart is looked at when a table has changed since it was looked at last, or when it has another address space. What
/// is found stale is named together with the table change that should have dropped it.
public final class Sanitizer implements ReturnCheck {
    private final ChangeJournal journal;
    private final List<UnicornCpu> harts;
    private final FrameTable frames;
    private final List<HartAudit> audits = new ArrayList<>();
    private boolean found;

    /// Creates the sanitizer of a machine; the harts note what they grant the engine from now on.
    public Sanitizer(ChangeJournal journal, List<UnicornCpu> harts, FrameTable frames) {
        this.journal = journal;
        this.harts = List.copyOf(harts);
        this.frames = frames;
        for (UnicornCpu hart : harts) {
            audits.add(new HartAudit(hart, this.frames));
        }
    }

    @Override
    public @Nullable String check(int hart) {
        List<StaleTranslation> stale = audits.get(hart).run(journal.changes());
        if (stale.isEmpty()) {
            return null;
        }
        found = true;
        return sentence(hart, stale);
    }

    /// Returns whether something stale was found.
    public boolean hasFound() {
        return found;
    }

    /// Returns what was compared, for the report.
    public String summary() {
        return "The sanitizer compared %,d cached translations after %,d changes of page tables and found none stale."
                .formatted(audits.stream().mapToLong(HartAudit::compared).sum(), journal.changes());
    }

    private String sentence(int hart, List<StaleTranslation> stale) {
        StaleTranslation first = stale.getFirst();
        @Nullable TableEvent event = journal.newest(harts.get(hart).mmu().rootPfn(), first.virtAddr());
        return "Stale translation: hart %d, %s%s; %s."
                .formatted(
                        hart,
                        first,
                        stale.size() > 1 ? " (and %d more)".formatted(stale.size() - 1) : "",
                        event == null ? "no recorded table change covers the address" : event);
    }
}
