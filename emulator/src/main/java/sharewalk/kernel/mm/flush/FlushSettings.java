package sharewalk.kernel.mm.flush;

import java.util.OptionalInt;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.tlb.TagRules;

/// What the hardware offers for telling address spaces apart and for reaching other harts.
///
/// @param asidBits the width of address-space ids, 0 for none
/// @param pageCeiling the highest number of pages invalidated one by one, or [#KERNEL_CEILING]
/// @param domainIds how many ids, the highest ones, are kept for what address spaces share, 0 for none
public record FlushSettings(int asidBits, RemoteInvalidation remote, int pageCeiling, int domainIds) {
    /// The kernel's own ceiling (`tlb_single_page_flush_ceiling`, `tlb_flush_all_threshold`).
    public static final int KERNEL_CEILING = -1;

    /// How many ids a machine that tags what is shared keeps for that: more regions than the workloads have, and few
    /// enough that every hart of the largest machine still finds two of the smallest such id space.
    public static final int DOMAIN_IDS = 32;

    /// Creates the settings of a machine whose ids all stand for address spaces.
    public FlushSettings(int asidBits, RemoteInvalidation remote, int pageCeiling) {
        this(asidBits, remote, pageCeiling, 0);
    }

    /// Returns the settings of a machine, on which the kernel's ceiling is `ceiling` if that is given.
    public static FlushSettings of(MachineProfile profile, OptionalInt ceiling) {
        TagRules tags = profile.tags();
        boolean isShared = tags.sharedDomains() || tags.sharedWalkCache();
        return new FlushSettings(
                tags.asidBits(), profile.remote(), ceiling.orElse(KERNEL_CEILING), isShared ? DOMAIN_IDS : 0);
    }

    /// Returns the settings of a machine with ids of `asidBits` bits whose harts interrupt each other.
    public static FlushSettings ofAsids(int asidBits) {
        return new FlushSettings(asidBits, RemoteInvalidation.IPI, KERNEL_CEILING);
    }

    /// Returns the highest id.
    public int maxId() {
        return (1 << asidBits) - 1;
    }

    int ceilingOr(int kernelCeiling) {
        return pageCeiling == KERNEL_CEILING ? kernelCeiling : pageCeiling;
    }
}
