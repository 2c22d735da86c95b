package unicorn;

/// A callback of one kind of instruction.
public interface InstructionHook extends Hook {}
