package unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The functions that translated code calls for a load or store whose translation is not cached, as something that can
/// be replaced.
///
/// The library keeps their addresses in two constant tables, from which it takes them when it translates a block. The
/// tables have no name, but the functions have, so a table is where their addresses stand side by side. Code that was
/// translated before keeps calling the library's own.
public final class SlowAccessCalls {
    /// Loads and stores of 1, 2, 4 and 8 bytes.
    public static final int FUNCTIONS = 8;

    private static final int SIZES = 4;
    private static final List<String> NAMES = List.of(
            "helper_ret_ldub_mmu_",
            "helper_le_lduw_mmu_",
            "helper_le_ldul_mmu_",
            "helper_le_ldq_mmu_",
            "helper_ret_stb_mmu_",
            "helper_le_stw_mmu_",
            "helper_le_stl_mmu_",
            "helper_le_stq_mmu_");

    private static final Path MAPPINGS = Path.of("/proc/self/maps");
    private static final int PATH_FIELD = 5;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final long PAGE_MASK = 4095;

    private final long[] own = new long[FUNCTIONS];
    private final long[] tables = new long[2];
    private final boolean found;

    private SlowAccessCalls(boolean x86) {
        String arch = x86 ? "x86_64" : "riscv64";
        boolean all = true;
        for (int i = 0; i < FUNCTIONS; i++) {
            own[i] = NativeLibrary.addressOrZero(NAMES.get(i) + arch);
            all &= own[i] != 0;
        }
        found = all && findTables();
    }

    /// Returns the functions for a guest architecture.
    public static SlowAccessCalls of(boolean x86) {
        return new SlowAccessCalls(x86);
    }

    /// Returns whether they can be replaced.
    public boolean isFound() {
        return found;
    }

    /// Returns the library's own function for a place below [#FUNCTIONS]: the loads by size, then the stores.
    public long own(int place) {
        return own[place];
    }

    /// Lets blocks translated from now on call other functions, by place; returns whether the host allows it.
    public boolean replace(long[] functions) {
        for (int kind = 0; kind < 2; kind++) {
            if (!protect(tables[kind], PROT_READ | PROT_WRITE)) {
                return false;
            }
            for (int size = 0; size < SIZES; size++) {
                NativeMemory.putLong(tables[kind] + (long) size * Long.BYTES, functions[kind * SIZES + size]);
            }
            boolean _ = protect(tables[kind], PROT_READ);
        }
        return true;
    }

    private boolean findTables() {
        try {
            List<String> lines = Files.readAllLines(MAPPINGS);
            String library = "";
            for (String line : lines) {
                if (Long.compareUnsigned(own[0], start(line)) >= 0 && Long.compareUnsigned(own[0], end(line)) < 0) {
                    library = path(line);
                }
            }
            for (String line : lines) {
                if (!library.isEmpty() && library.equals(path(line)) && line.contains(" r-") && !search(line)) {
                    return false;
                }
            }
            return tables[0] != 0 && tables[1] != 0;
        } catch (IOException _) {
            return false;
        }
    }

    private boolean search(String mapping) {
        long end = end(mapping) - (long) SIZES * Long.BYTES;
        for (long at = start(mapping); at <= end; at += Long.BYTES) {
            long word = NativeMemory.getLong(at);
            if (word == own[0] && isTable(at, 0) || word == own[SIZES] && isTable(at, 1)) {
                int kind = word == own[0] ? 0 : 1;
                if (tables[kind] != 0) {
                    return false;
                }
                tables[kind] = at;
            }
        }
        return true;
    }

    private boolean isTable(long at, int kind) {
        for (int size = 0; size < SIZES; size++) {
            if (NativeMemory.getLong(at + (long) size * Long.BYTES) != own[kind * SIZES + size]) {
                return false;
            }
        }
        return true;
    }

    private static long start(String mapping) {
        return Long.parseUnsignedLong(mapping, 0, mapping.indexOf('-'), 16);
    }

    private static long end(String mapping) {
        return Long.parseUnsignedLong(mapping, mapping.indexOf('-') + 1, mapping.indexOf(' '), 16);
    }

    private static String path(String mapping) {
        String[] fields = mapping.split(" +", PATH_FIELD + 1);
        return fields.length > PATH_FIELD ? fields[PATH_FIELD] : "";
    }

    @SuppressWarnings("restricted")
    private static boolean protect(long address, int protection) {
        Linker linker = Linker.nativeLinker();
        MethodHandle mprotect = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mprotect"),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        long first = address & ~PAGE_MASK;
        long end = (address + (long) SIZES * Long.BYTES + PAGE_MASK) & ~PAGE_MASK;
        try {
            return (int) mprotect.invokeExact(first, end - first, protection) == 0;
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }
}
