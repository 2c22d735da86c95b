package sharewalk.experiment;

/// A system call that the emulated Linux does not have, and how often it was called.
public record UnknownSystemCall(long number, String name, long calls) {}
