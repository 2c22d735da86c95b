package sharewalk.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Package -> the packages it may use: the first and the last column of the table of packages in a module's README.
///
/// What is written for people is what is enforced, so that neither can be wrong alone.
final class PackageTable {
    private static final Pattern ROW = Pattern.compile("\\| (?:`([a-z.]+)`|\\(root\\)) \\|.*\\| ([^|]*) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");
    private static final String HARDWARE = "sharewalk.mmu";

    private final Map<String, Set<String>> mayUse = new LinkedHashMap<>();

    /// Returns the tables of both modules in one, in their order.
    static PackageTable ofTheHouse() {
        PackageTable table = new PackageTable();
        table.read("mmu", HARDWARE);
        table.read("emulator", "sharewalk");
        return table;
    }

    /// Returns the packages in the order of the tables.
    Set<String> packages() {
        return mayUse.keySet();
    }

    /// Returns what a package may use, itself not included.
    Set<String> usedBy(String name) {
        return mayUse.getOrDefault(name, Set.of());
    }

    private void read(String module, String root) {
        for (String line : lines(Path.of("..", module, "README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String name = row.group(1) == null ? root : absolute(row.group(1), root);
                mayUse.put(name, packagesIn(row.group(2), root));
            }
        }
    }

    private Set<String> packagesIn(String cell, String root) {
        Set<String> used = new LinkedHashSet<>();
        if (cell.equals("all")) {
            used.addAll(mayUse.keySet());
        }
        Matcher names = NAME.matcher(cell);
        while (names.find()) {
            String name = absolute(names.group(1), root);
            used.add(name);
            if (name.equals(HARDWARE)) {
                mayUse.keySet().stream()
                        .filter(other -> House.isIn(other, HARDWARE))
                        .forEach(used::add);
            }
        }
        return used;
    }

    /// The bindings keep the package names of the official ones.
    private static String absolute(String name, String root) {
        return name.equals("unicorn") || name.equals("keystone") ? name : root + "." + name;
    }

    private static Iterable<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
