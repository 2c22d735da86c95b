package sharewalk.machine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.cost.CostTable;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.walk.WalkerProfile;

/// A machine profile: hardware, what the kernel does because of it, what its operations cost, and what each figure
/// rests on.
///
/// @param title what it is, in a few words
/// @param fromFile the name of the user's file it was read from, without folders, or null if it is a shipped one
/// @param isa the instruction set of the part, or null if it is none in particular
/// @param calibratedOn the instruction set whose kernel the costs were measured under, or null if none was
/// @param walkers how many walks the part can make at a time; the model makes them one by one
/// @param widestPaging the largest paging mode of each instruction set it knows
/// @param pricing what it says of costs, or null if nothing
/// @param figures every figure of the profile, in the order of the file
public record Machine(
        String name,
        String title,
        String description,
        @Nullable String fromFile,
        @Nullable GuestIsa isa,
        @Nullable GuestIsa calibratedOn,
        MachineProfile hardware,
        int walkers,
        Set<PagingMode> widestPaging,
        KernelTuning kernel,
        @Nullable Pricing pricing,
        List<Figure> figures) {
    public Machine {
        widestPaging = Set.copyOf(widestPaging);
        figures = List.copyOf(figures);
    }

    /// Returns whether the profile may be used for programs of an ISA. Costs measured under a kernel of another ISA say
    /// nothing about it.
    public boolean fits(GuestIsa other) {
        return calibratedOn == null || calibratedOn.equals(other);
    }

    /// Returns whether programs of an ISA on this machine are a thought experiment: the part has another ISA.
    public boolean isForeignTo(GuestIsa other) {
        return isa != null && !isa.equals(other);
    }

    /// Returns whether the part has a paging mode. A part knows none of a foreign ISA's, and all are allowed there.
    public boolean has(PagingMode mode) {
        return widestPaging.stream().noneMatch(widest -> widest.format().equals(mode.format()))
                || widestPaging.stream()
                        .anyMatch(widest -> widest.format().equals(mode.format()) && mode.levels() <= widest.levels());
    }

    /// Returns the hardware as programs of an ISA see it. x86 has no walkers that leave accessed and dirty bits to the
    /// kernel, and no kernel for them.
    public MachineProfile hardwareFor(GuestIsa other) {
        if (!isForeignTo(other) || !other.equals(GuestIsa.X86_64) || hardware.hardwareUpdate()) {
            return hardware;
        }
        WalkerProfile walker = hardware.walker();
        Set<PagingFeature> features = EnumSet.of(PagingFeature.HARDWARE_UPDATE);
        features.addAll(walker.features());
        return hardware.withWalker(new WalkerProfile(walker.walkCache(), walker.pteCaches(), features));
    }

    /// Returns the way in which a kernel for an ISA really reaches other harts: x86 has no firmware to ask and
    /// broadcasts only where address spaces have ids; on RISC-V every broadcast is Arm's.
    public static RemoteInvalidation effectiveRemote(GuestIsa isa, MachineProfile hardware) {
        RemoteInvalidation stated = hardware.remote();
        return switch (isa) {
            case RiscV64 _ -> stated == RemoteInvalidation.INVLPGB ? RemoteInvalidation.TLBI : stated;
            case X86_64 _ ->
                switch (stated) {
                    case SBI -> RemoteInvalidation.IPI;
                    case INVLPGB -> hardware.asidBits() > 0 ? stated : RemoteInvalidation.IPI;
                    case IPI, TLBI -> stated;
                };
        };
    }

    /// Returns what a kernel for an ISA does because of this machine: on a foreign one, nothing.
    public KernelTuning kernelFor(GuestIsa other) {
        return isForeignTo(other) ? KernelTuning.NONE : kernel;
    }

    /// Returns the prices of what programs of an ISA make hardware and kernel do: the profile's own, else the
    /// reference's.
    public CostTable costsFor(GuestIsa other) {
        return pricing == null ? Pricing.reference(other) : pricing.table(name, other);
    }

    /// Returns the number of figures that are guesses.
    public int guesses() {
        return (int) figures.stream().filter(Figure::isGuess).count();
    }

    /// Returns what a reader of figures from programs of an ISA must know.
    public List<String> remarks(GuestIsa other) {
        List<String> remarks = new ArrayList<>();
        if (isa != null && isForeignTo(other)) {
            remarks.add(
                    "%s is a part for %s: with %s programs its hardware is a thought experiment, under the %s kernel's own rules."
                            .formatted(name, isa.name(), other.name(), other.name()));
        }
        return List.copyOf(remarks);
    }
}
