package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.ChangeKind;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PendingInvalidation;

/// The only redeemer of changes of page tables: makes every hart that may hold something stale forget it, by Linux's
/// rules for the architecture (`facts/flush-rules.md`), and counts what that takes.
///
/// Events are charged to the current counters: INVALIDATION for each page asked to be dropped, on each hart; FULL_FLUSH
/// for each flush of an address space or of everything, on each hart; IPI for each other hart reached; SHOOTDOWN when
/// there was one.
public final class Shootdown {
    private final KernelRules rules;
    private final InvalidationLedger ledger;
    private final CurrentHart current;
    private final List<HartTranslations> harts;
    private final AsidAllocator asids;
    private final @Nullable AddressSpace[] loaded;

    Shootdown(KernelRules rules, InvalidationLedger ledger, CurrentHart current, Harts harts) {
        this.rules = rules;
        this.ledger = ledger;
        this.current = current;
        this.harts = harts.translations;
        this.asids = harts.asids;
        this.loaded = new AddressSpace[harts.translations.size()];
    }

    /// The harts of a machine and the ids that tag what they remember.
    record Harts(List<HartTranslations> translations, AsidAllocator asids) {}

    /// Returns the number of harts.
    int hartCount() {
        return harts.size();
    }

    /// Notes that a hart is about to run in an address space; afterwards the id of the space is valid.
    /// A hart without work keeps what it ran last, and is interrupted for it.
    public void loaded(AddressSpace space, int hart) {
        AddressSpace before = loaded[hart];
        if (before == space) {
            return;
        }
        if (before != null && rules.forgetsHarts()) {
            // switch_mm_irqs_off: no more shootdowns for the space that is left.
            before.footprint().leave(hart);
        }
        loaded[hart] = space;
        renewAsid(space);
        if (space.footprint().enter(hart)) {
            invalidate(hart, new InvalidationScope.Asid(space.asid()));
            current.counters(0).record(Counter.FULL_FLUSH);
        }
    }

    /// Redeems a change made by a system call: whatever may be stale is dropped wherever it may be.
    public void redeem(AddressSpace space, PendingInvalidation pending) {
        switch (pending.kind()) {
            case NONE -> {}
            // Absent to present: nothing on x86 (pte_needs_flush); RISC-V does not look.
            case ADDED -> {
                if (rules.fencesAfterInstall() && pending.pages() > 0 && isLoadedAnywhere(space)) {
                    flush(space, pending.start(), pending.end(), false);
                }
            }
            case PERMISSIONS_WIDENED, NARROWED_OR_REMOVED -> flush(space, pending.start(), pending.end(), false);
            case TABLES_FREED -> flush(space, pending.start(), pending.end(), true);
        }
        pending.redeem(ledger);
    }

    /// Redeems a change by which a page fault gave an access its page or its right. x86 drops the address by faulting
    /// (SDM 3A 4.10.4.1); RISC-V fences on this hart. An entry that got another frame is dropped everywhere.
    public void redeemFault(AddressSpace space, PendingInvalidation pending) {
        if (pending.kind().compareTo(ChangeKind.NARROWED_OR_REMOVED) >= 0) {
            // ptep_clear_flush, then the new entry.
            flush(space, pending.start(), pending.end(), pending.includesTables());
        }
        if (pending.kind() != ChangeKind.NONE) {
            fence(space, pending.start());
        }
        pending.redeem(ledger);
    }

    /// Redeems a change by dropping everything of the address space, whatever was changed (`flush_tlb_mm`).
    public void redeemWhole(AddressSpace space, PendingInvalidation pending) {
        flush(space, 0, space.context().paging().userEnd(), true);
        pending.redeem(ledger);
    }

    /// Redeems a change of an address space that no hart can have seen.
    public void redeemUnseen(PendingInvalidation pending) {
        pending.redeem(ledger);
    }

    /// Drops what this hart may remember of an address whose entry a fault has just installed, where the ISA needs it.
    public void fence(AddressSpace space, long virtAddr) {
        if (rules.fencesAfterInstall() && loaded[current.hart()] == space) {
            long page = virtAddr & -PagingMode.PAGE_BYTES;
            invalidate(current.hart(), new InvalidationScope.Page(space.asid(), page, false));
            current.counters(page).record(Counter.INVALIDATION);
        }
    }

    /// Forgets an address space that is gone. Its id is not given again before everything was flushed.
    void ended(AddressSpace space) {
        for (int hart = 0; hart < loaded.length; hart++) {
            if (loaded[hart] == space) {
                loaded[hart] = null;
            }
        }
    }

    private void flush(AddressSpace space, long start, long end, boolean tables) {
        Counters counters = current.counters(start);
        if (space.reach() == AddressSpace.FlushReach.EVERY_HART) {
            // flush_tlb_all (msharefs v3, patch 8).
            BitSet all = new BitSet();
            all.set(0, harts.size());
            send(all, new InvalidationScope.All(), Counter.FULL_FLUSH, 1, counters);
            return;
        }
        BitSet reached = new BitSet();
        for (int hart = 0; hart < harts.size(); hart++) {
            reached.set(hart, space.footprint().contains(hart));
        }
        space.footprint().flushed();
        long pages = (end - start) / PagingMode.PAGE_BYTES;
        if (pages > rules.pageFlushCeiling() || (tables && rules.tablesNeedFullFlush())) {
            send(reached, new InvalidationScope.Asid(space.asid()), Counter.FULL_FLUSH, 1, counters);
        } else if (pages == 1) {
            send(reached, new InvalidationScope.Page(space.asid(), start, tables), Counter.INVALIDATION, 1, counters);
        } else {
            InvalidationScope range = new InvalidationScope.Range(space.asid(), start, end, tables);
            send(reached, range, Counter.INVALIDATION, pages, counters);
        }
    }

    private void send(BitSet reached, InvalidationScope scope, Counter counter, long times, Counters counters) {
        int others = 0;
        for (int hart = reached.nextSetBit(0); hart >= 0; hart = reached.nextSetBit(hart + 1)) {
            invalidate(hart, scope);
            counters.record(counter, times);
            others += hart == current.hart() ? 0 : 1;
        }
        if (others > 0) {
            counters.record(Counter.SHOOTDOWN);
            counters.record(Counter.IPI, others);
        }
    }

    private void invalidate(int hart, InvalidationScope scope) {
        harts.get(hart).invalidate(scope);
    }

    private boolean isLoadedAnywhere(AddressSpace space) {
        for (int hart = 0; hart < harts.size(); hart++) {
            if (space.footprint().contains(hart)) {
                return true;
            }
        }
        return false;
    }

    private void renewAsid(AddressSpace space) {
        if (space.asidGeneration() == asids.generation()) {
            return;
        }
        if (asids.isUsedUp()) {
            rollOver(space);
        }
        space.assignAsid(asids.allocate(), asids.generation());
    }

    /// Begins a new generation of ids. Spaces loaded on other harts keep theirs.
    private void rollOver(AddressSpace newcomer) {
        BitSet kept = new BitSet();
        List<AddressSpace> keepers = new ArrayList<>();
        for (AddressSpace space : loaded) {
            if (space != null && space != newcomer) {
                kept.set(space.asid());
                keepers.add(space);
            }
        }
        asids.rollOver(kept);
        keepers.forEach(space -> space.assignAsid(space.asid(), asids.generation()));
        for (int hart = 0; hart < harts.size(); hart++) {
            invalidate(hart, new InvalidationScope.All());
            current.counters(0).record(Counter.FULL_FLUSH);
        }
    }
}
