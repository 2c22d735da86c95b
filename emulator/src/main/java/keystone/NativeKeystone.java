package keystone;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A `libkeystone` of the system, called through the foreign-function interface.
final class NativeKeystone implements KeystoneLibrary {
    /// System property that holds the path of the library to use.
    static final String PATH_PROPERTY = "sharewalk.keystone";

    private static final List<String> SYSTEM_NAMES =
            List.of("libkeystone.so.0", "libkeystone.so", "libkeystone.0.dylib", "libkeystone.dylib", "keystone.dll");
    private static final ValueLayout SIZE = JAVA_LONG;

    private final MethodHandle version;
    private final MethodHandle supports;
    private final MethodHandle errorText;
    private final MethodHandle lastError;
    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle option;
    private final MethodHandle assemble;
    private final MethodHandle free;

    private NativeKeystone(SymbolLookup library) {
        version = function(library, "ks_version", JAVA_INT, ADDRESS, ADDRESS);
        supports = function(library, "ks_arch_supported", JAVA_BOOLEAN, JAVA_INT);
        errorText = function(library, "ks_strerror", ADDRESS, JAVA_INT);
        lastError = function(library, "ks_errno", JAVA_INT, ADDRESS);
        open = function(library, "ks_open", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
        close = function(library, "ks_close", JAVA_INT, ADDRESS);
        option = function(library, "ks_option", JAVA_INT, ADDRESS, JAVA_INT, SIZE);
        assemble = function(library, "ks_asm", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
        free = function(library, "ks_free", null, ADDRESS);
    }

    /// Returns the system's library, null where there is none, or none that knows x86.
    static @Nullable NativeKeystone find() {
        String path = System.getProperty(PATH_PROPERTY, "");
        for (String name : path.isEmpty() ? SYSTEM_NAMES : List.of(path)) {
            NativeKeystone library = open(name);
            if (library != null && library.supports(KeystoneArchitecture.X86.value())) {
                return library;
            }
        }
        return null;
    }

    // The global arena on purpose: assemblers may live as long as the process, and unloading gains nothing.
    @SuppressWarnings("restricted")
    private static @Nullable NativeKeystone open(String name) {
        try {
            return new NativeKeystone(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException | NoSuchElementException e) {
            return null;
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            SymbolLookup library, String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
        FunctionDescriptor descriptor =
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    @Override
    public int version() {
        return (int) call(version, MemorySegment.NULL, MemorySegment.NULL);
    }

    @Override
    public boolean supports(int architecture) {
        return (boolean) call(supports, architecture);
    }

    @Override
    public String errorText(int error) {
        return text((MemorySegment) call(errorText, error));
    }

    @SuppressWarnings("restricted")
    private static String text(MemorySegment pointer) {
        return pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    @Override
    public Opened open(int architecture, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            int error = (int) call(open, architecture, mode, out);
            return new Opened(error, out.get(ADDRESS, 0).address());
        }
    }

    @Override
    public void close(long handle) {
        Object _ = call(close, MemorySegment.ofAddress(handle));
    }

    @Override
    public int option(long handle, int type, long value) {
        return (int) call(option, MemorySegment.ofAddress(handle), type, value);
    }

    @Override
    public Assembled assemble(long handle, String text, long address) {
        MemorySegment engine = MemorySegment.ofAddress(handle);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocateFrom(text);
            MemorySegment code = arena.allocate(ADDRESS);
            MemorySegment size = arena.allocate(SIZE);
            MemorySegment count = arena.allocate(SIZE);
            int failed = (int) call(assemble, engine, source, address, code, size, count);
            int error = failed == 0 ? 0 : (int) call(lastError, engine);
            MemorySegment encoding = code.get(ADDRESS, 0);
            byte[] encoded = error == 0 ? bytes(encoding, size.get(JAVA_LONG, 0)) : new byte[0];
            if (encoding.address() != 0) {
                Object _ = call(free, encoding);
            }
            return new Assembled(error, encoded, (int) count.get(JAVA_LONG, 0));
        }
    }

    @SuppressWarnings("restricted")
    private static byte[] bytes(MemorySegment pointer, long sizeBytes) {
        return pointer.reinterpret(sizeBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public boolean isUsable() {
        return true;
    }

    @SuppressWarnings("NullAway") // null only for a function without result, whose result nobody uses
    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A call into libkeystone failed", e);
        }
    }
}
