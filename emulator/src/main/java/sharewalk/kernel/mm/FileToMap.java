package sharewalk.kernel.mm;

import org.jspecify.annotations.Nullable;

/// An open file as mmap(2) sees it: the access it was opened for, whether its mount allows executing, and what it maps
/// (null for a file that cannot be mapped).
public record FileToMap(
        boolean readable,
        boolean writable,
        boolean executable,
        @Nullable MapSource source) {}
