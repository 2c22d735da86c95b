package sharewalk.kernel.fs;

/// What stat(2) tells of an inode; times are nanoseconds since the epoch, blocks are of 512 bytes.
public record FileStatus(
        long device,
        long inode,
        int mode,
        long links,
        int uid,
        int gid,
        long specialDevice,
        long sizeBytes,
        long blockSize,
        long blocks,
        long accessTime,
        long modifyTime,
        long changeTime) {}
