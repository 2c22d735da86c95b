package sharewalk.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/// Keeps what is not reproducible, not portable or not ours to know out of the packages that must not touch it.
final class PurityTest {
    private static final String[] NATIVE_CALLERS = {
        "unicorn..", "keystone..", "sharewalk.cpu.unicorn..", "sharewalk.host.."
    };

    @Test
    void hardware_touchesNoFileThreadOrClock() {
        check(noClasses()
                .that()
                .resideInAPackage("sharewalk.mmu..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.io..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.net..",
                                "java.time..",
                                "java.util.concurrent..")
                        .or(type(Thread.class))
                        .or(type(ProcessBuilder.class))));
    }

    @Test
    void hardware_usesOfTheSystemOnlyCopying() {
        check(noClasses()
                .that()
                .resideInAPackage("sharewalk.mmu..")
                .should()
                .accessTargetWhere(describe(
                        "of System other than arraycopy and identityHashCode",
                        access -> isOn(access, System.class)
                                && !Set.of("arraycopy", "identityHashCode").contains(access.getName()))));
    }

    @Test
    void hardware_usesForeignMemoryOnlyForGuestMemory() {
        check(noClasses()
                .that()
                .resideInAPackage("sharewalk.mmu..")
                .and()
                .resideOutsideOfPackage("sharewalk.mmu.memory..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign.."));
    }

    @Test
    void nativeCalls_areMadeInTheirPackagesOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(NATIVE_CALLERS)
                .should()
                .dependOnClassesThat(
                        type(Linker.class).or(type(SymbolLookup.class)).or(type(FunctionDescriptor.class))));
    }

    @Test
    void memorySegments_staySignaturesOfTheirPackages() {
        check(noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(NATIVE_CALLERS)
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("sharewalk.mmu.memory..")
                .and()
                .areNotPrivate()
                .and(doNotLookLikeLambdas())
                .should()
                .haveRawReturnType(MemorySegment.class)
                .orShould(haveRawParameterTypes(describe(
                        "with a MemorySegment",
                        types ->
                                types.stream().anyMatch(parameter -> parameter.isEquivalentTo(MemorySegment.class))))));
    }

    @Test
    void kernel_doesNotKnowTheEngine() {
        check(noClasses()
                .that()
                .resideInAnyPackage("sharewalk.kernel..", "sharewalk.abi..", "sharewalk.elf..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("unicorn..", "keystone..", "sharewalk.cpu.unicorn..")));
    }

    @Test
    void emulator_startsNoThread() {
        check(noClasses()
                .that(resideInAPackage("sharewalk..").and(DescribedPredicate.not(resideInAPackage("sharewalk.cli.."))))
                .should()
                .callConstructorWhere(describe("of Thread", call -> isOn(call, Thread.class)))
                .orShould()
                .dependOnClassesThat(type(ExecutorService.class)));
    }

    @Test
    void nothingCounted_readsAClockOrChance() {
        check(noClasses()
                .that()
                .resideInAnyPackage("sharewalk.mmu..", "sharewalk.cpu..", "sharewalk.kernel..", "sharewalk.abi..")
                .should()
                .accessTargetWhere(describe(
                        "a clock or unseeded chance",
                        access -> isOn(access, System.class)
                                        && Set.of("nanoTime", "currentTimeMillis")
                                                .contains(access.getName())
                                || isOn(access, Math.class) && access.getName().equals("random")
                                || access.getName().equals("now")
                                        && access.getTargetOwner()
                                                .getPackageName()
                                                .equals("java.time")
                                || isOn(access, SecureRandom.class)
                                || isOn(access, ThreadLocalRandom.class))));
    }

    private static boolean isOn(JavaAccess<?> access, Class<?> owner) {
        return access.getTargetOwner().isEquivalentTo(owner);
    }

    private static DescribedPredicate<JavaMethod> doNotLookLikeLambdas() {
        return describe("are written by people", method -> !method.getName().startsWith("lambda$"));
    }

    /// Packages come in one by one: a rule about an absent one holds.
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(House.CLASSES);
    }
}
