package keystone;

import java.lang.ref.Cleaner;
import java.util.Objects;
import keystone.exceptions.AssembleFailedKeystoneException;
import keystone.exceptions.OpenFailedKeystoneException;
import keystone.exceptions.SetOptionFailedKeystoneException;
import keystone.utilities.Version;

/// An open assembler for one architecture and mode.
///
/// [#close()] frees it, any number of times; after it every other call throws [IllegalStateException]. One that is
/// forgotten is freed when it is garbage. Not for use by several threads at once.
public final class Keystone implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int MINOR_BITS = 8;

    private final Handle handle;
    private final Cleaner.Cleanable cleanable;
    private boolean closed;

    /// Opens an assembler; throws [OpenFailedKeystoneException] where the two do not go together, and
    /// [keystone.exceptions.KeystoneUnavailableException] where the host has no Keystone.
    public Keystone(KeystoneArchitecture architecture, KeystoneMode mode) {
        KeystoneLibrary library = KeystoneLibraries.load();
        KeystoneLibrary.Opened opened = library.open(architecture.value(), mode.value());
        if (opened.error() != KeystoneError.Ok.value()) {
            throw new OpenFailedKeystoneException(error(opened.error()));
        }
        handle = new Handle(library, opened.handle());
        cleanable = CLEANER.register(this, handle);
    }

    /// Returns whether the assembler in use knows an architecture.
    public static boolean isArchitectureSupported(KeystoneArchitecture architecture) {
        return KeystoneLibraries.load().supports(architecture.value());
    }

    /// Assembles statements, separated by `;` or line ends, for address 0.
    public KeystoneEncoded assemble(String assembly) {
        return assemble(assembly, 0);
    }

    /// Assembles statements for an address; throws [AssembleFailedKeystoneException] where one is wrong.
    public KeystoneEncoded assemble(String assembly, int address) {
        requireOpen();
        if (assembly.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A NUL character ends the text before its end");
        }
        KeystoneLibrary.Assembled result = handle.library.assemble(handle.address, assembly, address);
        if (result.error() != KeystoneError.Ok.value()) {
            throw new AssembleFailedKeystoneException(error(result.error()), assembly);
        }
        return new KeystoneEncoded(result.code(), address, result.statements());
    }

    /// Assembles statements for address 0.
    public KeystoneEncoded assemble(Iterable<String> assembly) {
        return assemble(assembly, 0);
    }

    /// Assembles statements for an address.
    public KeystoneEncoded assemble(Iterable<String> assembly, int address) {
        return assemble(String.join(";", assembly), address);
    }

    /// Returns the version of the assembler.
    public Version version() {
        requireOpen();
        int version = handle.library.version();
        return new Version(version >>> MINOR_BITS, version & (1 << MINOR_BITS) - 1);
    }

    /// Chooses the syntax of the texts that follow.
    public void setAssemblySyntax(KeystoneOptionValue.KeystoneOptionSyntax syntax) {
        setOption(KeystoneOptionType.Syntax, syntax.value());
    }

    /// Sets an option; throws [SetOptionFailedKeystoneException] where the assembler refuses it.
    public void setOption(KeystoneOptionType type, int value) {
        requireOpen();
        if (type == KeystoneOptionType.SymbolResolver && value != 0) {
            throw new SetOptionFailedKeystoneException(KeystoneError.OptInvalid, type, value);
        }
        int error = handle.library.option(handle.address, type.value(), value);
        if (error != KeystoneError.Ok.value()) {
            throw new SetOptionFailedKeystoneException(error(error), type, value);
        }
    }

    @Override
    public void close() {
        closed = true;
        cleanable.clean();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This Keystone is closed");
        }
    }

    private static KeystoneError error(int number) {
        return Objects.requireNonNullElse(KeystoneError.fromValue(number), KeystoneError.AsmUnsupported);
    }

    private record Handle(KeystoneLibrary library, long address) implements Runnable {
        @Override
        public void run() {
            if (library.isUsable()) {
                library.close(address);
            }
        }
    }
}
