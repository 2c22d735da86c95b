package sharewalk.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds every use of one package by another against the arrows of the house.
final class LayeringTest {
    /// What each package of the hardware half may use of it. The two views of a page table, `table` and `walk`, never
    /// see each other: each is the other's oracle.
    private static final Map<String, Set<String>> HARDWARE = Map.of(
            "sharewalk.mmu.count", Set.of(),
            "sharewalk.mmu.paging", Set.of(),
            "sharewalk.mmu.memory", Set.of(),
            "sharewalk.mmu.cache", Set.of(),
            "sharewalk.mmu.table", Set.of("sharewalk.mmu.paging", "sharewalk.mmu.memory", "sharewalk.mmu.count"),
            "sharewalk.mmu.walk",
                    Set.of(
                            "sharewalk.mmu.paging",
                            "sharewalk.mmu.memory",
                            "sharewalk.mmu.cache",
                            "sharewalk.mmu.count"),
            "sharewalk.mmu.tlb", Set.of("sharewalk.mmu.paging", "sharewalk.mmu.cache", "sharewalk.mmu.count"),
            "sharewalk.mmu",
                    Set.of(
                            "sharewalk.mmu.count",
                            "sharewalk.mmu.paging",
                            "sharewalk.mmu.memory",
                            "sharewalk.mmu.cache",
                            "sharewalk.mmu.table",
                            "sharewalk.mmu.walk",
                            "sharewalk.mmu.tlb"));

    /// The packages of the emulator: each may use those above it, and the hardware half.
    private static final List<String> EMULATOR = List.of(
            "unicorn",
            "keystone",
            "sharewalk.cpu",
            "sharewalk.abi",
            "sharewalk.host",
            "sharewalk.cpu.unicorn",
            "sharewalk.elf",
            "sharewalk.assembly",
            "sharewalk.kernel.wait",
            "sharewalk.kernel.mm",
            "sharewalk.kernel.fs",
            "sharewalk.kernel.share",
            "sharewalk.kernel.process",
            "sharewalk.kernel.syscall",
            "sharewalk.kernel",
            "sharewalk.platform",
            "sharewalk.experiment",
            "sharewalk.trace",
            "sharewalk.report",
            "sharewalk.cli");

    /// Packages at the bottom, with all they may use of the house.
    private static final Map<String, Set<String>> FOUNDATIONS = Map.of(
            "unicorn", Set.of(),
            "keystone", Set.of(),
            "sharewalk.abi", Set.of("sharewalk.cpu"),
            "sharewalk.elf", Set.of("sharewalk.cpu", "sharewalk.mmu"),
            "sharewalk.assembly", Set.of("sharewalk.cpu", "keystone"),
            "sharewalk.cpu", Set.of("sharewalk.mmu"),
            "sharewalk.host", Set.of("sharewalk.mmu"),
            "sharewalk.cpu.unicorn", Set.of("sharewalk.mmu", "sharewalk.cpu", "sharewalk.host", "unicorn"));

    @Test
    void everyClass_liesInAPackageOfTheHouse() {
        assertThat(House.CLASSES)
                .filteredOn(type -> !type.getSimpleName().equals("package-info"))
                .filteredOn(type -> layerOf(type).isEmpty())
                .extracting(JavaClass::getName)
                .isEmpty();
    }

    @Test
    void everyUse_followsAnArrow() {
        assertThat(House.CLASSES.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(LayeringTest::breaksAnArrow)
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    private static boolean breaksAnArrow(Dependency use) {
        Optional<String> user = layerOf(use.getOriginClass());
        Optional<String> used = layerOf(use.getTargetClass().getBaseComponentType());
        return user.isPresent() && used.isPresent() && !mayUse(user.get(), used.get());
    }

    private static boolean mayUse(String user, String used) {
        if (user.equals(used)) {
            return true;
        }
        if (HARDWARE.containsKey(user)) {
            return HARDWARE.get(user).contains(used);
        }
        if (FOUNDATIONS.containsKey(user)) {
            return FOUNDATIONS.get(user).stream()
                    .anyMatch(allowed ->
                            allowed.equals(used) || (allowed.equals("sharewalk.mmu") && HARDWARE.containsKey(used)));
        }
        return HARDWARE.containsKey(used) || EMULATOR.indexOf(used) < EMULATOR.indexOf(user);
    }

    /// Returns the package of the house that holds a class: the innermost one that encloses it.
    private static Optional<String> layerOf(JavaClass type) {
        return Stream.concat(HARDWARE.keySet().stream(), EMULATOR.stream())
                .filter(layer -> House.isIn(type, layer))
                .max(Comparator.comparingInt(String::length));
    }
}
