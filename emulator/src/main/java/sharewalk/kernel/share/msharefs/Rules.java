package sharewalk.kernel.share.msharefs;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.tmp.TmpFile;
import sharewalk.kernel.mm.AnonymousPages;
import sharewalk.kernel.mm.MapSource;

/// Where the design has a choice of rules: as posted, or as reviewers asked for. Every difference between the two
/// is a method here.
enum Rules {
    /// What the patches do.
    POSTED,
    /// What reviewers asked for, and the answers that v3 lacks only by oversight.
    STRICT;

    /// Returns whether the rights of every window are a superset of those of all objects: a window with less is not
    /// mapped, and an object with more is not created (EACCES). Hildenbrand, 2 Nov 2023. In v3 a
    /// read-only window writes where the object may be written.
    ///
    /// Checked when either is made, because nothing can be checked later: the entries of a shared table grant the
    /// same to all.
    boolean capsRights() {
        return this == STRICT;
    }

    /// Returns whether madvise(2) acts on windows. Yznaga, 9 Sep 2025: to be refused, and offered as ioctls instead
    /// (EINVAL). In v3 what zaps drops the caller's link.
    boolean takesAdvice() {
        return this == POSTED;
    }

    /// Returns whether something may be an object in a region, null standing for what cannot be mapped.
    /// Hildenbrand, 2 Nov 2023: strictly filter what may be put in; 13 Jul 2022: start with shmem. So memory files
    /// and shared anonymous memory may, both of small pages (EINVAL else). In v3 every file but a region may.
    boolean admits(@Nullable MapSource source) {
        return this == POSTED || source == null || source instanceof TmpFile || source instanceof AnonymousPages;
    }

    /// Returns whether a descriptor must be open for writing to change the region by it (EBADF). Our decision: v3
    /// never looks.
    boolean changesNeedWriting() {
        return this == STRICT;
    }

    /// Returns whether a region can be filled after its owner's exit. Our decision: v3 refuses new windows only, so
    /// that memory can be added that nobody accounts for; here EINVAL.
    boolean fillsWithoutOwner() {
        return this == POSTED;
    }

    /// Returns whether the low bits of an object's file offset are dropped. Our decision: v3 never looks; here
    /// EINVAL, as mmap(2) answers.
    boolean dropsOffsetBits() {
        return this == POSTED;
    }

    /// Returns whether 0 is a size that sets the region's once and for all. Our decision: v3's check lets it pass;
    /// here EINVAL, and the size can still be set.
    boolean takesSizeZero() {
        return this == POSTED;
    }
}
