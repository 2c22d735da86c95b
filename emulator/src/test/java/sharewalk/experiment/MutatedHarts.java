package sharewalk.experiment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.kernel.ReturnCheck;
import sharewalk.kernel.mm.flush.HartTranslations;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.tlb.TlbName;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.Rights;

/// Harts that do not hear one of the kernel's invalidations, or only part of it, and an oracle that knows by itself
/// whether something stale can be used because of that.
///
/// The oracle remembers the TLB entries that should have gone and asks [NaiveTables] about them at every return to a
/// program. It knows nothing of walk caches and of the engine's own cache.
final class MutatedHarts implements HartWiring {
    /// What becomes of the chosen invalidation.
    enum Mutation {
        DROPPED,
        NARROWED
    }

    private record Held(Mmu mmu, TlbName tlb, long tag, long translation) {}

    private final long chosen;
    private final Mutation mutation;
    private final NaiveTables tables;
    private final List<Held> kept = new ArrayList<>();
    private final List<Long> withStale = new ArrayList<>();
    private final List<Long> withRight = new ArrayList<>();
    private long invalidations;
    private @Nullable String mutated;
    private String toldPattern = "";
    private boolean wasNarrowed;
    private boolean staleWasReachable;
    private @Nullable String finding;

    MutatedHarts(long chosen, Mutation mutation, NaiveTables tables) {
        this.chosen = chosen;
        this.mutation = mutation;
        this.tables = tables;
    }

    /// Returns how many invalidations the kernel asked for.
    long invalidations() {
        return invalidations;
    }

    /// Returns the numbers of those that found a stale TLB entry of the current address space, up to the chosen one.
    List<Long> withStale() {
        return withStale;
    }

    /// Returns the numbers of those that found only other TLB entries to drop, up to the chosen one.
    List<Long> withRight() {
        return withRight;
    }

    /// Returns the chosen invalidation, or null if there were not so many.
    @Nullable
    String mutated() {
        return mutated;
    }

    /// Returns a pattern of how the sanitizer names the chosen invalidation, where it belongs to one change only: what
    /// drops everything may pay for several.
    String toldPattern() {
        return toldPattern;
    }

    /// Returns whether a part of the chosen invalidation has arrived.
    boolean wasNarrowed() {
        return wasNarrowed;
    }

    /// Returns whether a hart was about to run while it could have used a stale TLB entry that should have gone.
    boolean staleWasReachable() {
        return staleWasReachable;
    }

    /// Returns how many TLB entries the mutation has left in place.
    int kept() {
        return kept.size();
    }

    /// Returns what the sanitizer said, or null.
    @Nullable
    String finding() {
        return finding;
    }

    @Override
    public HartTranslations connect(UnicornCpu hart, HartTranslations translations) {
        return (scope, cause) -> {
            if (invalidations++ != chosen) {
                if (mutated == null) {
                    remember(hart.mmu(), scope);
                    if (!kept.isEmpty()) {
                        boolean stale = kept.stream().anyMatch(this::isStaleAndReachable);
                        (stale ? withStale : withRight).add(invalidations - 1);
                        kept.clear();
                    }
                }
                translations.invalidate(scope, cause);
                return;
            }
            mutated = "hart %d: %s for %s".formatted(hart.hart(), scope, cause);
            toldPattern = toldPattern(hart.hart(), scope);
            @Nullable InvalidationScope narrower = mutation == Mutation.NARROWED ? narrowed(scope, hart.mmu()) : null;
            if (narrower != null) {
                wasNarrowed = true;
                translations.invalidate(narrower, cause);
            }
            remember(hart.mmu(), scope);
        };
    }

    @Override
    public ReturnCheck check(ReturnCheck installed) {
        return hart -> {
            finding = installed.check(hart);
            staleWasReachable |= kept.stream().anyMatch(held -> held.mmu().hart() == hart && isStaleAndReachable(held));
            return finding;
        };
    }

    private static String toldPattern(int hart, InvalidationScope scope) {
        return switch (scope) {
            case InvalidationScope.Page(int asid, long virtAddr, boolean _) ->
                "hart %d page %#x of ASID %d\\b".formatted(hart, virtAddr, asid);
            case InvalidationScope.Range(int asid, long start, long end, boolean _) ->
                "hart %d \\[%#x, %#x\\) of ASID %d\\b".formatted(hart, start, end, asid);
            case InvalidationScope.Asid _, InvalidationScope.All _ -> "";
        };
    }

    private static @Nullable InvalidationScope narrowed(InvalidationScope scope, Mmu mmu) {
        return switch (scope) {
            case InvalidationScope.Page(int asid, long virtAddr, boolean tables) ->
                tables ? new InvalidationScope.Page(asid, virtAddr, false) : null;
            case InvalidationScope.Range(int asid, long start, long end, boolean tables) ->
                new InvalidationScope.Range(asid, start, end - 4096, tables);
            case InvalidationScope.Asid(int asid) -> new InvalidationScope.Range(asid, 0, 1L << 30, true);
            case InvalidationScope.All() -> new InvalidationScope.Asid(mmu.asid());
        };
    }

    private void remember(Mmu mmu, InvalidationScope scope) {
        for (TlbName tlb : TlbName.values()) {
            mmu.forEachEntry(tlb, (tag, held) -> remember(mmu, scope, tlb, tag, held));
        }
    }

    private void remember(Mmu mmu, InvalidationScope scope, TlbName tlb, long tag, long translation) {
        boolean named = switch (scope) {
            case InvalidationScope.Page(int asid, long virtAddr, boolean _) ->
                TlbTag.asid(tag) == asid && TlbTag.overlaps(tag, virtAddr, virtAddr + 1);
            case InvalidationScope.Range(int asid, long start, long end, boolean _) ->
                TlbTag.asid(tag) == asid && TlbTag.overlaps(tag, start, end);
            case InvalidationScope.Asid(int asid) -> TlbTag.asid(tag) == asid;
            case InvalidationScope.All() -> true;
        };
        if (named) {
            kept.add(new Held(mmu, tlb, tag, translation));
        }
    }

    private boolean isStaleAndReachable(Held held) {
        if (TlbTag.asid(held.tag()) != held.mmu().asid() || !isStillThere(held)) {
            return false;
        }
        long fresh = tables.read(held.mmu().rootPfn(), TlbTag.virtAddr(held.tag()));
        long cached = held.translation();
        long rights = ((cached & Rights.READ) != 0 ? 4 : 0)
                | ((cached & Rights.WRITE) != 0 ? 2 : 0)
                | ((cached & Rights.EXECUTE) != 0 ? 1 : 0);
        return fresh == NaiveTables.NOWHERE || fresh >>> 12 != cached >>> 12 || (rights & ~fresh & 7) != 0;
    }

    private static boolean isStillThere(Held held) {
        List<Held> now = new ArrayList<>();
        held.mmu()
                .forEachEntry(
                        held.tlb(), (tag, translation) -> now.add(new Held(held.mmu(), held.tlb(), tag, translation)));
        return now.contains(held);
    }
}
