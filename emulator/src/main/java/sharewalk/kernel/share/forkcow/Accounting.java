package sharewalk.kernel.share.forkcow;

/// When the pages that a shared table maps are accounted for: each has one more user after a fork.
enum Accounting {
    /// At fork, which goes through every entry, and again as a sharer lets go (patches 3 and 5 of v5; "account all the
    /// COW PTE mapped pages in fork()", since v3).
    AT_FORK,
    /// When a table is copied: fork touches no entry, and letting go is one count (On-demand-fork; the patches until
    /// RFC v2).
    AT_COPY
}
