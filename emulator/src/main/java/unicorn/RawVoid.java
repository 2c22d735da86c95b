package unicorn;

/// An event without arguments, as x86 `syscall` (`UC_HOOK_INSN`).
@FunctionalInterface
public interface RawVoid {
    /// Takes one event.
    void run();
}
