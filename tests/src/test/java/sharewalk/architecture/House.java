package sharewalk.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/// The product's compiled classes, without tests.
final class House {
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/benchmarks/"))
            .importPackages("sharewalk", "unicorn", "keystone");

    private House() {}

    /// Returns whether a class lies in a package or below it.
    static boolean isIn(JavaClass type, String packageName) {
        return isIn(type.getPackageName(), packageName);
    }

    /// Returns whether a package is another or lies below it.
    static boolean isIn(String inner, String outer) {
        return inner.equals(outer) || inner.startsWith(outer + ".");
    }
}
