package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.ENOSPC;

/// What a tmpfs may take and has taken: pages of content, and inodes, of which each name counts as one.
final class Space {
    private final long pageLimit;
    private final long inodeLimit;
    private long pages;
    private long inodes;

    Space(long pageLimit, long inodeLimit) {
        this.pageLimit = pageLimit;
        this.inodeLimit = inodeLimit;
    }

    /// Takes pages; returns 0, or -ENOSPC when there are not so many.
    long takePages(long count) {
        if (count > pageLimit - pages) {
            return -ENOSPC;
        }
        pages += count;
        return 0;
    }

    /// Gives pages back.
    void returnPages(long count) {
        pages -= count;
    }

    /// Takes an inode; returns 0 or -ENOSPC.
    long takeInode() {
        if (inodes >= inodeLimit) {
            return -ENOSPC;
        }
        inodes++;
        return 0;
    }

    /// Gives an inode back.
    void returnInode() {
        inodes--;
    }

    long pageLimit() {
        return pageLimit;
    }

    long freePages() {
        return pageLimit - pages;
    }

    long inodeLimit() {
        return inodeLimit;
    }

    long freeInodes() {
        return inodeLimit - inodes;
    }
}
