package unicorn;

import org.jspecify.annotations.Nullable;

/// An operation of the engine's intermediate code, as a subtraction.
@FunctionalInterface
public interface TcgOpcodeHook extends Hook {
    /// Takes the instruction's address, the two operands and their size in bits.
    void hook(Unicorn u, long address, long arg1, long arg2, int size, @Nullable Object user);
}
