package keystone;

import org.jspecify.annotations.Nullable;

/// The choice of a library, made at its first use: the system's where there is one that knows x86, else WebAssembly.
final class KeystoneLibraries {
    private static @Nullable KeystoneLibrary current;

    private KeystoneLibraries() {}

    /// Returns the library; throws [keystone.exceptions.KeystoneUnavailableException] where none can be had.
    static synchronized KeystoneLibrary load() {
        KeystoneLibrary known = current;
        if (known != null && known.isUsable()) {
            return known;
        }
        KeystoneLibrary system = NativeKeystone.find();
        KeystoneLibrary found = system != null ? system : WasmKeystone.load(NpmPackage.module());
        current = found;
        return found;
    }

    /// Returns the library in use, null where there is none so far.
    static synchronized @Nullable KeystoneLibrary loaded() {
        KeystoneLibrary known = current;
        return known != null && known.isUsable() ? known : null;
    }
}
