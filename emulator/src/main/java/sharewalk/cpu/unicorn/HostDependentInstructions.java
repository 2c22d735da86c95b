package sharewalk.cpu.unicorn;

/// Emulation of the instructions whose answer would come from the host's clock or random source.
interface HostDependentInstructions {
    /// Executes the instruction in `code` from `offset` to `end`; the program counter is moved by the caller.
    ///
    /// @param instructions retired before it on this hart: the guest's only clock
    /// @return false where it is illegal, and has done nothing
    boolean execute(byte[] code, int offset, int end, long instructions);
}
