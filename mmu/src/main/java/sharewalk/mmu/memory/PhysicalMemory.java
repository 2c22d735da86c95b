package sharewalk.mmu.memory;

/// The guest's RAM, little endian, from physical address 0 up to `sizeBytes()`.
///
/// Every access outside it throws [IndexOutOfBoundsException]: whoever may be handed a wild address asks [#contains]
/// first. Multi-byte accesses need not be aligned.
public interface PhysicalMemory {
    /// The number of address bits inside a frame.
    int FRAME_SHIFT = 12;

    /// The size of a frame.
    int FRAME_BYTES = 1 << FRAME_SHIFT;

    /// Returns the size, a multiple of the frame size.
    long sizeBytes();

    /// Returns whether all `bytes` bytes from `physAddr` on exist.
    default boolean contains(long physAddr, long bytes) {
        return physAddr >= 0 && bytes >= 0 && physAddr <= sizeBytes() - bytes;
    }

    long read64(long physAddr);

    void write64(long physAddr, long value);

    int read32(long physAddr);

    void write32(long physAddr, int value);

    /// Returns 0 to 65535.
    int read16(long physAddr);

    /// Writes the low 16 bits.
    void write16(long physAddr, int value);

    /// Returns 0 to 255.
    int read8(long physAddr);

    /// Writes the low 8 bits.
    void write8(long physAddr, int value);

    /// Copies `sizeBytes` bytes out of RAM.
    void read(long physAddr, byte[] target, int offset, int sizeBytes);

    /// Copies `sizeBytes` bytes into RAM.
    void write(long physAddr, byte[] source, int offset, int sizeBytes);

    /// Copies the content of one frame to another.
    void copyFrame(long fromPfn, long toPfn);

    /// Fills a frame with zeros.
    void zeroFrame(long pfn);
}
