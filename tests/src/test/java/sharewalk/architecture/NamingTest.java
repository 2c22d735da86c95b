package sharewalk.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Keeps out names that say nothing, and packages that say nothing about null.
final class NamingTest {
    private static final Pattern EMPTY_WORD = Pattern.compile(".*(Impl|Manager|Utils?|Helper|Data|Info)");
    private static final Pattern SHOUTED_ACRONYM = Pattern.compile(".*(TLB|VMA|PTE|MMU|ELF|ASID|CPU).*");

    private final JavaClasses ours = House.CLASSES.that(
            DescribedPredicate.describe("under names of our own choice", type -> House.isIn(type, "sharewalk")));

    @Test
    void types_carryNoEmptyWord() {
        assertThat(ours)
                .extracting(JavaClass::getSimpleName)
                .noneMatch(name -> EMPTY_WORD.matcher(name).matches());
    }

    @Test
    void types_writeAcronymsAsWords() {
        assertThat(ours)
                .extracting(JavaClass::getSimpleName)
                .noneMatch(name -> SHOUTED_ACRONYM.matcher(name).matches());
    }

    @Test
    void packages_areNullMarked() {
        assertThat(House.CLASSES)
                .extracting(JavaClass::getPackage)
                .isNotEmpty()
                .filteredOn(holder -> !holder.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .isEmpty();
    }
}
