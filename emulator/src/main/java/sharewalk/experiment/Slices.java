package sharewalk.experiment;

/// How the emulated Linux shares time out.
///
/// @param turnInstructions how long a hart runs before the next hart's turn
/// @param quantumInstructions how long a task keeps its hart while others wait
public record Slices(long turnInstructions, long quantumInstructions) {}
