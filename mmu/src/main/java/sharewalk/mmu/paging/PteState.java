package sharewalk.mmu.paging;

/// A page-table entry, decoded.
public sealed interface PteState {
    /// An entry that maps nothing.
    record Absent() implements PteState {}

    /// An entry that points at a table page of the next lower level.
    record Table(long pfn) implements PteState {}

    /// An entry that maps memory starting at frame `pfn`. With [Permissions#NONE] it is kept for software only:
    /// hardware finds it absent.
    record Leaf(long pfn, Permissions permissions, boolean accessed, boolean dirty, int level) implements PteState {}

    /// A present entry whose encoding the manuals reserve.
    record Reserved(long pte) implements PteState {}
}
