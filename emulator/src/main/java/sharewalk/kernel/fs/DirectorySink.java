package sharewalk.kernel.fs;

/// A receiver of directory entries.
@FunctionalInterface
public interface DirectorySink {
    /// Takes one entry; returns false when it has no room for it, which ends the listing.
    ///
    /// The type is a file type of `FileMode` (`S_IFREG` ...); a listing that goes on behind this entry starts at
    /// `next`.
    boolean accept(String name, long inodeNumber, int type, long next);
}
