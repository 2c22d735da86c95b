package sharewalk.kernel.mm;

import org.jspecify.annotations.Nullable;

/// What a VMA maps.
public sealed interface Mapping {
    /// Memory of this address space alone, zero at first.
    record Anonymous() implements Mapping {}

    /// The pages of a file, as every other sharer sees them.
    record SharedPages(PageSource source) implements Mapping {}

    /// The pages of a file, copied when written.
    record PrivatePages(PageSource source) implements Mapping {}

    /// A window of a sharing design.
    record Shown(Window window) implements Mapping {}

    /// Returns whether writes are for others to see.
    default boolean isShared() {
        return this instanceof SharedPages || this instanceof Shown;
    }

    /// Returns the page cache behind it, if any.
    default @Nullable PageSource source() {
        return switch (this) {
            case SharedPages(var source) -> source;
            case PrivatePages(var source) -> source;
            case Anonymous _, Shown _ -> null;
        };
    }
}
