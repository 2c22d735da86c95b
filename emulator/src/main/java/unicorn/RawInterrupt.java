package unicorn;

/// An interrupt or exception of the guest CPU (`UC_HOOK_INTR`).
@FunctionalInterface
public interface RawInterrupt {
    /// Takes the number that the architecture gives the interrupt.
    void interrupt(int number);
}
