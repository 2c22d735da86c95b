package sharewalk.kernel.mm.flush;

import java.util.OptionalInt;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.RemoteInvalidation;

/// What the hardware offers for telling address spaces apart and for reaching other harts.
///
/// @param asidBits the width of address-space ids, 0 for none
/// @param pageCeiling the highest number of pages invalidated one by one, or [#KERNEL_CEILING]
public record FlushSettings(int asidBits, RemoteInvalidation remote, int pageCeiling) {
    /// The kernel's own ceiling (`tlb_single_page_flush_ceiling`, `tlb_flush_all_threshold`).
    public static final int KERNEL_CEILING = -1;

    /// Returns the settings of a machine, on which the kernel's ceiling is `ceiling` if that is given.
    public static FlushSettings of(MachineProfile profile, OptionalInt ceiling) {
        return new FlushSettings(profile.asidBits(), profile.remote(), ceiling.orElse(KERNEL_CEILING));
    }

    /// Returns the settings of a machine with ids of `asidBits` bits whose harts interrupt each other.
    public static FlushSettings ofAsids(int asidBits) {
        return new FlushSettings(asidBits, RemoteInvalidation.IPI, KERNEL_CEILING);
    }

    int ceilingOr(int kernelCeiling) {
        return pageCeiling == KERNEL_CEILING ? kernelCeiling : pageCeiling;
    }
}
