package unicorn;

import org.jspecify.annotations.Nullable;

/// A jump from one block to a block that was translated just for it.
@FunctionalInterface
public interface EdgeGeneratedHook extends Hook {
    /// Takes the block that is entered and the one that was left.
    void hook(Unicorn u, TranslationBlock cur_tb, TranslationBlock prev_tb, @Nullable Object user);
}
