package unicorn;

import org.jspecify.annotations.Nullable;

/// An interrupt or exception of the guest CPU.
@FunctionalInterface
public interface InterruptHook extends Hook {
    /// Takes the number that the architecture gives the interrupt.
    void hook(Unicorn u, int intno, @Nullable Object user);
}
