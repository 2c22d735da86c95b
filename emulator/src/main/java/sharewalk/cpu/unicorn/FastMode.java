package sharewalk.cpu.unicorn;

import java.util.Optional;
import sharewalk.mmu.MachineProfile;

/// What machines fast mode counts exactly on, which is told only of the accesses that can change the model.
public final class FastMode {
    private FastMode() {}

    /// Returns why a machine can be counted exactly in exhaustive mode only; empty if fast mode will do.
    ///
    /// A crossing access needs two entries at a time; where there is one they drive each other out.
    public static Optional<String> obstacle(MachineProfile profile) {
        if (profile.l1i().entries() == 1) {
            return Optional.of("its L1I %s has a single entry".formatted(profile.l1i()));
        }
        return profile.l1d().mayHoldOneOfTwoNeighbours()
                ? Optional.of("its L1D %s can hold only one of two neighbouring pages".formatted(profile.l1d()))
                : Optional.empty();
    }
}
