package sharewalk.kernel.mm;

import java.util.LinkedHashSet;
import java.util.Set;
import sharewalk.kernel.mm.flush.Flush;
import sharewalk.kernel.mm.flush.FlushScheme;
import sharewalk.kernel.mm.flush.HartOrders;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.ChangeKind;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.PendingInvalidation.AffectedRange;

/// The only redeemer of changes of page tables: decides which of them may have left something stale, by Linux's rules
/// for the architecture, and has it forgotten. Every redemption says what caused it.
///
/// What each change needs (Linux 6.16: `mm/mmu_gather.c`, `mm/pgtable-generic.c`, `arch/x86/mm/tlb.c`,
/// `arch/riscv/mm/tlbflush.c`):
/// - Absent to present: nothing on x86; on RISC-V the hart that installed the entry fences its address
///   (`update_mmu_cache_range`), and a system call that looks at nothing but the range flushes it
///   (`tlb_flush_pte_range` of a change of rights, since `pte_needs_flush` is x86's alone).
/// - Rights widened by a fault: `ptep_set_access_flags`, on RISC-V always followed by that fence. It is not
///   `flush_tlb_fix_spurious_fault`, which there would interrupt others.
/// - Rights changed by a system call, either way, or an entry removed: the range, on the harts that have seen the
///   space.
/// - A table page unlinked: cached table entries too. Harts idle in the space are told of nothing else on x86.
/// - `flush_tlb_range` and `flush_tlb_mm` of x86 say that tables are freed whether they are or not.
/// - A change below a shared table: every address space that is attached to it, at its own addresses and by its own
/// ids.
public final class Shootdown {
    private final KernelRules rules;
    private final InvalidationLedger ledger;
    private final FlushScheme scheme;
    private final HartOrders orders;
    private final SpacesByTable spaces;

    Shootdown(
            KernelRules rules, InvalidationLedger ledger, FlushScheme scheme, HartOrders orders, SpacesByTable spaces) {
        this.orders = orders;
        this.rules = rules;
        this.ledger = ledger;
        this.scheme = scheme;
        this.spaces = spaces;
    }

    /// Makes a hart run in a space after a context switch, or after having been idle.
    public void load(AddressSpace space, int hart) {
        scheme.load(space.tagged(), hart);
    }

    /// Returns the id by which a hart that is about to run in a space knows it, having loaded the space if need be.
    public int idOn(AddressSpace space, int hart) {
        if (scheme.loaded(hart) != space.tagged()) {
            scheme.load(space.tagged(), hart);
        }
        return scheme.id(hart);
    }

    /// Returns whether a hart runs in a space, and is not merely idle in it.
    public boolean runs(AddressSpace space, int hart) {
        return scheme.runs(space.tagged(), hart);
    }

    /// Notes that a hart finds nothing to run. It keeps its space loaded.
    public void idle(int hart) {
        scheme.idle(hart);
    }

    /// Redeems a change made by a system call through a gathering of changes (`tlb_finish_mmu`): whatever may be stale
    /// is dropped wherever it may be.
    public void redeem(AddressSpace space, PendingInvalidation pending, FlushCause cause) {
        boolean isStale = switch (pending.kind()) {
            case NONE -> false;
            // pte_needs_flush; RISC-V does not look.
            case ADDED -> rules.fencesAfterInstall() && pending.pages() > 0;
            case PERMISSIONS_WIDENED, NARROWED_OR_REMOVED, TABLES_FREED -> true;
        };
        if (isStale) {
            flush(space, pending, pending.includesTables(), cause);
        }
        pending.redeem(ledger);
    }

    /// Redeems a change that a kernel path flushes by itself, without looking what changed (`flush_tlb_range`).
    public void redeemRange(AddressSpace space, PendingInvalidation pending, FlushCause cause) {
        if (pending.kind() != ChangeKind.NONE) {
            flush(space, pending, pending.includesTables() || rules == KernelRules.X86_64, cause);
        }
        pending.redeem(ledger);
    }

    /// Redeems what was changed in `[start, end)` of an area by flushing all of that range, and what was changed beside
    /// it, whether anything was changed or not (`flush_hugetlb_tlb_range`).
    public void redeemArea(AddressSpace space, Vma vma, PendingInvalidation pending, FlushCause cause) {
        boolean changed = pending.kind() != ChangeKind.NONE;
        long start = changed ? Math.min(vma.start(), pending.start()) : vma.start();
        long end = changed ? Math.max(vma.end(), pending.end()) : vma.end();
        boolean tables = pending.includesTables() || rules == KernelRules.X86_64;
        flush(space, new Flush(start, end, vma.pageBytes(), false, tables, cause));
        pending.redeem(ledger);
    }

    /// Redeems the removal of a superpage's entry by flushing all that it mapped (`flush_pmd_tlb_range`): on x86 as any
    /// range of small pages, on RISC-V as one page.
    public void redeemSplit(AddressSpace space, PendingInvalidation pending, FlushCause cause) {
        if (pending.kind() != ChangeKind.NONE) {
            boolean isX86 = rules == KernelRules.X86_64;
            long stride = isX86 ? PagingMode.PAGE_BYTES : pending.strideBytes();
            flush(space, new Flush(pending.start(), pending.end(), stride, false, isX86, cause));
        }
        pending.redeem(ledger);
    }

    /// Interrupts every other hart before a table that was shared is reused as a private one: lookups of the kernel's
    /// own walk tables without a lock.
    public void waitForWalkers(long virtAddr) {
        orders.interruptOthers(virtAddr);
    }

    /// Redeems a change by which a page fault gave an access its page or its right. x86 drops the address by faulting
    /// (SDM 3A 4.10.4.1); RISC-V fences on this hart. An entry that got another frame is dropped everywhere.
    public void redeemFault(AddressSpace space, PendingInvalidation pending) {
        if (pending.kind().compareTo(ChangeKind.NARROWED_OR_REMOVED) >= 0) {
            // ptep_clear_flush, then the new entry.
            flush(space, pending, pending.includesTables(), FlushCause.COPY_ON_WRITE);
        }
        if (pending.kind() != ChangeKind.NONE) {
            fence(space, pending.start());
        }
        pending.redeem(ledger);
    }

    /// Redeems a change by dropping everything of the address space, whatever was changed (`flush_tlb_mm`).
    public void redeemWhole(AddressSpace space, PendingInvalidation pending, FlushCause cause) {
        long end = space.context().paging().userEnd();
        flush(space, new Flush(0, end, PagingMode.PAGE_BYTES, true, true, cause));
        if (space.reach() != FlushReach.EVERY_HART) {
            flushSharers(space, pending, pending.includesTables(), cause);
        }
        pending.redeem(ledger);
    }

    /// Redeems a change of an address space that no hart can have seen.
    public void redeemUnseen(PendingInvalidation pending) {
        pending.redeem(ledger);
    }

    /// Drops what this hart may remember of an address whose entry a fault has just installed, where the ISA needs it.
    public void fence(AddressSpace space, long virtAddr) {
        scheme.fence(
                space.tagged(),
                virtAddr & -PagingMode.PAGE_BYTES,
                space.domains().ranges().idOf(virtAddr, FlushScheme.NO_DOMAIN));
    }

    /// Drops what any hart may remember under the id of a domain that has ended, before another domain gets it.
    void retire(int domainId, long virtAddr) {
        scheme.flushEverywhere(new InvalidationScope.Asid(domainId), FlushCause.OTHER, virtAddr);
    }

    /// Notes that no task has a space any more; its tables are about to be freed.
    void abandon(AddressSpace space) {
        scheme.abandon(space.tagged());
    }

    /// Forgets a space whose tables are freed.
    void ended(AddressSpace space) {
        scheme.ended(space.tagged());
    }

    private void flush(AddressSpace space, PendingInvalidation pending, boolean tables, FlushCause cause) {
        flush(space, new Flush(pending.start(), pending.end(), pending.strideBytes(), false, tables, cause));
        if (space.reach() != FlushReach.EVERY_HART) {
            flushSharers(space, pending, tables, cause);
        }
    }

    private void flush(AddressSpace space, Flush flush) {
        switch (space.reach()) {
            case LOADED_HARTS -> scheme.flush(space.tagged(), flush);
            // flush_tlb_all (msharefs v3, patch 8).
            case EVERY_HART -> scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, flush.start());
            // Nobody runs in a region itself.
            case SHARERS -> {}
        }
    }

    /// Makes the other address spaces forget that are attached to what was changed, each for itself.
    private void flushSharers(AddressSpace space, PendingInvalidation pending, boolean tables, FlushCause cause) {
        if (pending.subtrees().isEmpty()) {
            return;
        }
        long chargedAt = space.isRegion() ? 0 : pending.start();
        Set<Integer> domains = new LinkedHashSet<>();
        for (AffectedRange range : pending.affected()) {
            AddressSpace sharer = spaces.of(range.table());
            int domain = sharer.domains().ranges().idOf(range.start(), FlushScheme.NO_DOMAIN);
            if (domain != FlushScheme.NO_DOMAIN) {
                domains.add(domain);
            }
            if (sharer != space || range.start() != pending.start()) {
                space.context().current().counters(chargedAt).record(Counter.SHARER_VISIT);
                scheme.flush(
                        sharer.tagged(),
                        new Flush(range.start(), range.end(), pending.strideBytes(), false, tables, cause, chargedAt));
            }
        }
        for (int domain : domains) {
            // Any hart that ran any member may hold entries under it.
            scheme.flushEverywhere(new InvalidationScope.Asid(domain), cause, chargedAt);
        }
    }
}
