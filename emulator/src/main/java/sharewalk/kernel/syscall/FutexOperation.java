package sharewalk.kernel.syscall;

import org.jspecify.annotations.Nullable;

/// The change and the comparison that FUTEX_WAKE_OP packs into one word (futex(2)).
record FutexOperation(int change, int changeBy, int comparison, int compareWith) {
    private static final int SHIFTED = 8;

    /// Returns the operation, or null for one that does not exist.
    static @Nullable FutexOperation decode(int word) {
        int change = word >>> 28;
        int changeBy = word << 8 >> 20;
        if ((change & SHIFTED) != 0) {
            changeBy = 1 << (changeBy & 31);
        }
        int comparison = word >>> 24 & 15;
        return (change & 7) > 4 || comparison > 5
                ? null
                : new FutexOperation(change & 7, changeBy, comparison, word << 20 >> 20);
    }

    int apply(int old) {
        return switch (change) {
            case 0 -> changeBy;
            case 1 -> old + changeBy;
            case 2 -> old | changeBy;
            case 3 -> old & ~changeBy;
            default -> old ^ changeBy;
        };
    }

    boolean compares(int old) {
        return switch (comparison) {
            case 0 -> old == compareWith;
            case 1 -> old != compareWith;
            case 2 -> old < compareWith;
            case 3 -> old <= compareWith;
            case 4 -> old > compareWith;
            default -> old >= compareWith;
        };
    }
}
