package sharewalk.kernel.process;

/// What an experiment may choose of the emulated kernel.
///
/// @param turnInstructions how long a hart runs before the next hart's turn
/// @param quantumInstructions how long a task keeps its hart while others wait
/// @param stackBytes the soft limit of a stack's size
/// @param taskLimit how many tasks may live at a time
/// @param hostName what uname(2) calls the machine
/// @param instructionLimit after how many instructions of all harts together a run is ended, or 0 for never
/// @param hwcap AT_HWCAP, or 0 for what the instruction set has
public record KernelSettings(
        long turnInstructions,
        long quantumInstructions,
        long stackBytes,
        int taskLimit,
        String hostName,
        long instructionLimit,
        long hwcap) {
    /// The settings of a run that says nothing.
    public static final KernelSettings DEFAULT =
            new KernelSettings(10_000, 1_000_000, 8L << 20, 32_768, "sharewalk", 0, 0);

    /// Checks that every number can be worked with.
    public KernelSettings {
        if (instructionLimit < 0 || turnInstructions < 1 || quantumInstructions < 1 || taskLimit < 1) {
            throw new IllegalArgumentException("turn, quantum and number of tasks must be at least 1");
        }
        if (stackBytes < 1 << 17 || stackBytes > 1L << 32) {
            throw new IllegalArgumentException("the stack limit must be between 128 KiB and 4 GiB");
        }
    }

    /// Returns the same settings with other lengths of turn and quantum.
    public KernelSettings withSlices(long newTurn, long newQuantum) {
        return new KernelSettings(newTurn, newQuantum, stackBytes, taskLimit, hostName, instructionLimit, hwcap);
    }

    /// Returns the same settings with another limit of instructions.
    public KernelSettings withInstructionLimit(long newLimit) {
        return new KernelSettings(
                turnInstructions, quantumInstructions, stackBytes, taskLimit, hostName, newLimit, hwcap);
    }
}
