package sharewalk.kernel.mm.flush;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// A kernel's way of tagging what harts remember of address spaces, and of making them forget it.
///
/// The guarantee: a hart that runs in a space, and is not merely idle in it, remembers nothing of it under the id it
/// uses that an earlier [#flush] was to drop.
public sealed interface FlushScheme permits X86Flushes, RiscvFlushes, BroadcastFlushes {
    /// The id of what is tagged by address space only.
    int NO_DOMAIN = -1;

    /// The kernel whose rules are followed.
    enum Kernel {
        X86,
        RISCV
    }

    /// Returns the scheme of a kernel on such hardware. Firmware is asked on RISC-V only; on x86 its users interrupt.
    static FlushScheme of(Kernel kernel, FlushSettings settings, HartOrders orders) {
        return switch (kernel) {
            case X86 ->
                settings.remote() == RemoteInvalidation.TLBI
                        ? BroadcastFlushes.ofX86(settings, orders)
                        : new X86Flushes(settings, orders);
            case RISCV ->
                switch (settings.remote()) {
                    case IPI, SBI -> new RiscvFlushes(settings, orders);
                    case TLBI, INVLPGB -> BroadcastFlushes.ofRiscv(settings, orders);
                };
        };
    }

    /// Makes a hart run in a space, after a context switch or from idleness.
    void load(TaggedSpace space, int hart);

    /// Returns the space that a hart has loaded, whether it runs in it or is idle; null before the first.
    @Nullable
    TaggedSpace loaded(int hart);

    /// Returns whether a hart runs in a space, and is not merely idle in it.
    boolean runs(TaggedSpace space, int hart);

    /// Returns the id by which a hart knows the space it has loaded.
    int id(int hart);

    /// Notes that a hart has nothing to run: it keeps its space loaded (`enter_lazy_tlb`).
    void idle(int hart);

    /// Notes that no task has a space any more: the harts that have it loaded are idle in it (`exit_mm`).
    void abandon(TaggedSpace space);

    /// Makes every hart forget that has to.
    void flush(TaggedSpace space, Flush flush);

    /// Makes every hart forget what a scope names; charged to `virtAddr`.
    void flushEverywhere(InvalidationScope scope, FlushCause cause, long virtAddr);

    /// Makes every hart forget everything (`flush_tlb_all`); charged to `virtAddr`.
    default void flushAll(FlushCause cause, long virtAddr) {
        flushEverywhere(new InvalidationScope.All(), cause, virtAddr);
    }

    /// Makes the current hart forget a page whose entry it has just installed, if it runs in the space. `domainId` tags
    /// the page where it is shared, else it is [#NO_DOMAIN].
    void fence(TaggedSpace space, long page, int domainId);

    /// Forgets a space that is gone.
    void ended(TaggedSpace space);
}
