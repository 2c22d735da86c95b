package sharewalk.elf;

/// A loadable segment: bytes of the file and zeros behind them, at an address before the load bias is added.
///
/// Guarantees that both ranges are without overflow and that the file holds the bytes.
public record ElfSegment(
        long virtAddr,
        long memSizeBytes,
        long fileOffset,
        long fileSizeBytes,
        boolean read,
        boolean write,
        boolean execute) {
    private static final long PAGE = 4096;

    /// Returns the end of the zeros, exclusive.
    public long end() {
        return virtAddr + memSizeBytes;
    }

    /// Returns the end of the bytes that come from the file, exclusive.
    public long fileEnd() {
        return virtAddr + fileSizeBytes;
    }

    /// Returns the first address of the pages the segment lies in.
    public long firstPage() {
        return virtAddr & -PAGE;
    }

    /// Returns the end of the pages the segment lies in, exclusive.
    public long endPage() {
        return end() + PAGE - 1 & -PAGE;
    }
}
