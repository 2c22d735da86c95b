package sharewalk.mmu.walk;

/// The low bits of a packed translation: what the walk found out about the page beside its address.
public final class Rights {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int EXECUTE = 4;

    /// User mode may use the page.
    public static final int USER = 8;

    /// The translation holds in every address space.
    public static final int GLOBAL = 16;

    /// The entry's dirty bit was set when the translation was made, or a store has set it since.
    public static final int DIRTY = 32;

    /// All bits below the page's address.
    public static final int MASK = 0xFFF;

    private Rights() {}
}
