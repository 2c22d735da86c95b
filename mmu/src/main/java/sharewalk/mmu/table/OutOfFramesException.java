package sharewalk.mmu.table;

/// The failure to get a frame for a table page: RAM is used up. What was mapped before is unchanged; table pages
/// already linked for the failed change stay, empty, until they are freed with their table.
public final class OutOfFramesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfFramesException(int level) {
        super("no free frame for a table page of level " + level);
    }
}
