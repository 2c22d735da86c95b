package sharewalk.cpu.unicorn;

/// What the adapter must know of guest machine code: where instructions end and which few of them are special.
///
/// Stateless with regard to the guest; none of its methods allocates.
interface InstructionDecoder {
    /// The longest instruction, in bytes.
    int longestBytes();

    /// Returns the length in bytes of the instruction at `offset`, or 0 where the bytes are no instruction.
    int length(byte[] code, int offset, int end);

    /// Returns whether the instruction answers from a clock or a random source of the host, and so must be emulated.
    boolean isHostDependent(byte[] code, int offset, int end);

    /// Returns whether the instruction is an x86 string instruction with a repeat prefix.
    boolean isRepeated(byte[] code, int offset, int end);

    /// Returns whether the instruction writes the memory operand it reads.
    boolean isReadModifyWrite(byte[] code, int offset, int end);

    /// Returns whether a memory operand of the instruction may begin in the last bytes before `boundary` and reach it.
    boolean mayStraddle(byte[] code, int offset, int end, long boundary, OperandRegisters registers);

    /// The registers an operand's address is made of.
    interface OperandRegisters {
        /// Returns a general register, numbered as the port numbers them.
        long general(int index);

        /// Returns the base added by an x86 FS or GS override, 0 elsewhere.
        long segmentBase(boolean gs);

        /// Returns the address of the instruction.
        long pc();
    }
}
