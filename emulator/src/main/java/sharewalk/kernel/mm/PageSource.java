package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EOPNOTSUPP;

/// The page cache of one file: the frames that shared mappings of it map and private ones copy.
///
/// The page cache holds one reference to each of its frames; every page-table entry that maps one holds another.
public non-sealed interface PageSource extends MapSource {
    /// The answer for a page that lies wholly beyond the end of the file.
    long BEYOND_END = Long.MIN_VALUE;

    /// Returns the frame that holds a page, allocating and reading it when it is not resident; a negative error number
    /// (`-ENOMEM` when RAM is used up), or [#BEYOND_END]. `access` says what the page is wanted for.
    long frame(long pageIndex, Wanted access);

    /// Returns the frame that holds a page, for a fault in an area, whose advice may decide what is allocated.
    default long frame(Vma area, long pageIndex, Wanted access) {
        return frame(pageIndex, access);
    }

    /// Returns whether a page lies in the page cache, so that mapping it needs no allocation.
    boolean isResident(long pageIndex);

    /// Returns whether the file has a page, in RAM or in swap, or would have to make one.
    default boolean holds(long pageIndex) {
        return isResident(pageIndex);
    }

    /// Returns whether pages of this file can go to swap.
    default boolean isSwappable() {
        return false;
    }

    /// Moves a page that is resident and mapped nowhere to swap; returns whether it went.
    default boolean swapOut(long pageIndex) {
        return false;
    }

    /// Returns what must be told of writes to the file.
    default WriteWatch watch() {
        return WriteWatch.NONE;
    }

    /// Returns who maps the file.
    default ReverseMap mappings() {
        return new ReverseMap();
    }

    /// Returns the level of the leaves that map the file, every one of them: above 0 for a file of huge pages.
    default int leafLevel() {
        return 0;
    }

    /// Returns the size of the file.
    long sizeBytes();

    /// Returns whether the pages are stored nowhere but in memory (shmem: tmpfs, memfd, shared anonymous memory).
    default boolean isShmem() {
        return false;
    }

    /// Gives the frames of pages `[firstPage, endPage)` back (fallocate(2), FALLOC_FL_PUNCH_HOLE), mappings included;
    /// returns 0 or a negative error number.
    default long punchHole(long firstPage, long endPage) {
        return -EOPNOTSUPP;
    }

    /// Notes that an address space has one more VMA of this file, which keeps the file alive.
    void addMapping(AddressSpace space);

    /// Notes that an address space has one VMA of this file less.
    void removeMapping(AddressSpace space);

    /// What a page is wanted for.
    enum Wanted {
        /// To be read, or to be copied by a private mapping.
        READ,
        /// To be written through a shared mapping.
        WRITE
    }
}
