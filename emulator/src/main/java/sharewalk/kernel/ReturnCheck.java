package sharewalk.kernel;

import org.jspecify.annotations.Nullable;

/// A check made each time before a hart returns to its program, when nothing is owed any more. It looks and cannot
/// change anything.
@FunctionalInterface
public interface ReturnCheck {
    /// A check that finds nothing wrong.
    ReturnCheck NONE = hart -> null;

    /// Returns what is wrong, in a sentence that ends the run, or null.
    @Nullable
    String check(int hart);
}
