package unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The loaded `libunicorn`, or the reason why there is none.
///
/// A missing library or symbol never fails class initialisation: a function that cannot be found becomes a handle that
/// throws [UnicornException] when it is called, so that the message reaches whoever needed it.
final class NativeLibrary {
    /// System property that holds the path of the library to use.
    static final String PATH_PROPERTY = "sharewalk.unicorn";

    private static final List<String> SYSTEM_NAMES =
            List.of("libunicorn.so.2", "libunicorn.so", "libunicorn.2.dylib", "libunicorn.dylib", "unicorn.dll");

    private static final List<String> ATTEMPTS = new ArrayList<>();
    private static final List<String> MISSING_SYMBOLS = Collections.synchronizedList(new ArrayList<>());
    private static final @Nullable SymbolLookup LOOKUP = load();

    private NativeLibrary() {}

    /// Throws if the library could not be loaded.
    static void requireLoaded() {
        if (LOOKUP == null) {
            throw new UnicornException(absenceMessage());
        }
    }

    /// Returns whether the library could be loaded.
    static boolean isLoaded() {
        return LOOKUP != null;
    }

    /// Returns the functions that were asked for and are not in the library.
    static List<String> missingSymbols() {
        synchronized (MISSING_SYMBOLS) {
            return List.copyOf(MISSING_SYMBOLS);
        }
    }

    /// Returns a handle that calls the function, or throws [UnicornException] if there is none of that name.
    @SuppressWarnings("restricted")
    static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Optional<MethodHandle> handle = LOOKUP == null
                ? Optional.empty()
                : LOOKUP.find(name).map(symbol -> Linker.nativeLinker().downcallHandle(symbol, descriptor, options));
        return handle.orElseGet(() -> absent(name, descriptor.toMethodType()));
    }

    /// Returns the function's address, for machine code that calls it.
    static MemorySegment address(String name) {
        requireLoaded();
        return LOOKUP == null ? MemorySegment.NULL : LOOKUP.findOrThrow(name);
    }

    /// Returns the function's address, or 0 if there is none of that name.
    static long addressOrZero(String name) {
        return LOOKUP == null
                ? 0
                : LOOKUP.find(name).map(MemorySegment::address).orElse(0L);
    }

    private static MethodHandle absent(String name, MethodType type) {
        MISSING_SYMBOLS.add(name);
        String message = LOOKUP == null
                ? absenceMessage()
                : "This libunicorn has no function " + name + "; Sharewalk needs libunicorn 2.1.4 or a later 2.x. "
                        + remedy();
        try {
            MethodHandle create = MethodHandles.lookup()
                    .findConstructor(UnicornException.class, MethodType.methodType(void.class, String.class));
            MethodHandle thrower = MethodHandles.foldArguments(
                    MethodHandles.throwException(type.returnType(), UnicornException.class),
                    MethodHandles.insertArguments(create, 0, message));
            return MethodHandles.dropArguments(thrower, 0, type.parameterList());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("constructor of UnicornException", e);
        }
    }

    private static @Nullable SymbolLookup load() {
        String path = System.getProperty(PATH_PROPERTY, "");
        if (!path.isEmpty()) {
            return open(path);
        }
        for (String name : SYSTEM_NAMES) {
            SymbolLookup lookup = open(name);
            if (lookup != null) {
                return lookup;
            }
        }
        return null;
    }

    // The global arena on purpose: engines may live as long as the process, and unloading gains nothing.
    @SuppressWarnings("restricted")
    private static @Nullable SymbolLookup open(String name) {
        try {
            return SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException e) {
            ATTEMPTS.add(name);
            return null;
        }
    }

    private static String absenceMessage() {
        return "libunicorn could not be loaded (tried " + String.join(", ", ATTEMPTS) + "). " + remedy();
    }

    private static String remedy() {
        return "Start with scripts/sharewalk, which fetches it into the project folder; or install libunicorn 2.1.4 with the"
                + " system's packages; or give the path of a library with -D" + PATH_PROPERTY
                + "=/path/libunicorn.so.2";
    }
}
