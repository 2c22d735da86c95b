package keystone.exceptions;

import keystone.KeystoneError;

/// A text the assembler could not assemble.
public final class AssembleFailedKeystoneException extends KeystoneException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_QUOTE = 200;

    private final String assembly;

    /// Makes the exception for a text and the error it caused.
    public AssembleFailedKeystoneException(KeystoneError keystoneError, String assembly) {
        super(keystoneError, "Keystone cannot assemble \"" + quoted(assembly) + "\"");
        this.assembly = assembly;
    }

    private static String quoted(String assembly) {
        return assembly.length() <= LONGEST_QUOTE ? assembly : assembly.substring(0, LONGEST_QUOTE) + "...";
    }

    /// Returns the whole text.
    public String getAssembly() {
        return assembly;
    }
}
