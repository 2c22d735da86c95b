package sharewalk.kernel.fs;

/// What statfs(2) tells of a file system.
public record FileSystemStatus(
        long magic,
        long blockSize,
        long blocks,
        long freeBlocks,
        long inodes,
        long freeInodes,
        long fileSystemId,
        long nameLengthLimit) {
    /// Returns the status of a file system that holds no blocks: what Linux's in-memory pseudo file systems
    /// answer.
    public static FileSystemStatus withoutBlocks(long magic) {
        return new FileSystemStatus(magic, 4096, 0, 0, 0, 0, 0, PathWalker.NAME_LIMIT);
    }
}
