package keystone;

/// The machine code of an assembled text.
public final class KeystoneEncoded {
    private final byte[] machineCode;
    private final int address;
    private final int numberOfStatements;

    /// Makes the result of one call.
    public KeystoneEncoded(byte[] machineCode, int address, int numberOfStatements) {
        this.machineCode = machineCode.clone();
        this.address = address;
        this.numberOfStatements = numberOfStatements;
    }

    /// Returns the machine code, the caller's own copy.
    public byte[] getMachineCode() {
        return machineCode.clone();
    }

    /// Returns the address it was assembled for.
    public int getAddress() {
        return address;
    }

    /// Returns the number of statements in the text.
    public int getNumberOfStatements() {
        return numberOfStatements;
    }
}
