package sharewalk.cpu.unicorn;

import java.util.Optional;
import java.util.stream.Stream;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.tlb.TlbGeometry;

/// What machines fast mode counts exactly on, which is told only of the accesses that can change the model.
public final class FastMode {
    private FastMode() {}

    /// Returns why a machine can be counted exactly in exhaustive mode only; empty if fast mode will do.
    public static Optional<String> obstacle(MachineProfile profile) {
        return Stream.of(obstacle("L1I", profile.l1i()), obstacle("L1D", profile.l1d()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// A crossing access needs two entries at a time, and where there is one they drive each other out.
    private static Optional<String> obstacle(String name, TlbGeometry geometry) {
        return geometry.mayHoldOneOfTwoNeighbours()
                ? Optional.of("its %s %s can hold only one of two neighbouring pages".formatted(name, geometry))
                : Optional.empty();
    }
}
