package keystone;

/// The functions of the Keystone library the bindings call; handles are addresses in the library's own memory.
///
/// Safe to call from several threads as long as no two use one handle.
sealed interface KeystoneLibrary permits NativeKeystone, WasmKeystone {
    /// Returns the version, the major number in the bits from 8.
    int version();

    /// Returns whether an architecture is in this build.
    boolean supports(int architecture);

    /// Returns what the assembler says about an error.
    String errorText(int error);

    /// Opens an assembler.
    Opened open(int architecture, int mode);

    /// Frees an assembler.
    void close(long handle);

    /// Sets an option; returns the error, 0 for none.
    int option(long handle, int type, long value);

    /// Assembles a text without NUL characters.
    Assembled assemble(long handle, String text, long address);

    /// Returns whether calls may still be made; a library that has failed inside is of no more use.
    boolean isUsable();

    /// The outcome of [#open]: a handle where the error is 0.
    record Opened(int error, long handle) {}

    /// The outcome of [#assemble]: code and number of statements where the error is 0.
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Assembled(int error, byte[] code, int statements) {}
}
