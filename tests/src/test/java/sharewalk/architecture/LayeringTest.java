package sharewalk.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Holds every use of one package by another against the arrows of the house, which stand in the modules' READMEs.
final class LayeringTest {
    private static final PackageTable ARROWS = PackageTable.ofTheHouse();

    @Test
    void tables_nameEveryPackageAfterThoseItUses() {
        List<String> above = new ArrayList<>();
        for (String name : ARROWS.packages()) {
            assertThat(above).as("packages above " + name).containsAll(ARROWS.usedBy(name));
            above.add(name);
        }
        assertThat(above).contains("sharewalk.mmu.table", "sharewalk.cpu.unicorn", "sharewalk.kernel.mm");
    }

    @Test
    void tableAndWalk_doNotSeeEachOther() {
        assertThat(ARROWS.usedBy("sharewalk.mmu.table")).doesNotContain("sharewalk.mmu.walk");
        assertThat(ARROWS.usedBy("sharewalk.mmu.walk")).doesNotContain("sharewalk.mmu.table");
    }

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
        return user.isPresent()
                && used.isPresent()
                && !user.equals(used)
                && !ARROWS.usedBy(user.get()).contains(used.get());
    }

    /// Returns the package of the house that holds a class: the innermost one that encloses it.
    private static Optional<String> layerOf(JavaClass type) {
        return ARROWS.packages().stream()
                .filter(layer -> House.isIn(type, layer))
                .max(Comparator.comparingInt(String::length));
    }
}
