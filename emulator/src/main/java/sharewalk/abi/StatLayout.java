package sharewalk.abi;

/// `struct stat` as the kernel writes it: offsets per instruction set, with the widths that differ.
public record StatLayout(
        int sizeBytes,
        int mode,
        int links,
        int linksBytes,
        int uid,
        int gid,
        int specialDevice,
        int size,
        int blockSize,
        int blockSizeBytes,
        int accessTime,
        int modifyTime,
        int changeTime) {
    /// RISC-V: the generic layout.
    public static final StatLayout RISCV = new StatLayout(128, 16, 20, 4, 24, 28, 32, 48, 56, 4, 72, 88, 104);

    /// x86-64.
    public static final StatLayout X86 = new StatLayout(144, 24, 16, 8, 28, 32, 40, 48, 56, 8, 72, 88, 104);

    /// Device and inode number, at the same place on both.
    public static final int DEVICE = 0;
    public static final int INODE = 8;

    /// Blocks of 512 bytes, at the same place on both.
    public static final int BLOCKS = 64;
}
