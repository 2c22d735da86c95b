package sharewalk.mmu.memory;

/// A listener told what software writes into table pages.
public interface TableListener {
    /// A listener that ignores everything.
    TableListener NONE = new TableListener() {
        @Override
        public void entryWritten(long physAddr) {}

        @Override
        public void tableZeroed(long pfn) {}
    };

    /// Tells that an entry has been written.
    void entryWritten(long physAddr);

    /// Tells that a frame has become a table page, its entries all zero.
    void tableZeroed(long pfn);
}
