package unicorn;

import org.jspecify.annotations.Nullable;

/// An instruction that the guest CPU does not know.
@FunctionalInterface
public interface InvalidInstructionHook extends Hook {
    /// Returns whether the run ends without an error; otherwise it ends with `UC_ERR_INSN_INVALID`.
    boolean hook(Unicorn u, @Nullable Object user);
}
