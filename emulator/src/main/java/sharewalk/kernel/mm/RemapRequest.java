package sharewalk.kernel.mm;

/// The arguments of mremap(2).
public record RemapRequest(long virtAddr, long oldSizeBytes, long newSizeBytes, int flags, long newVirtAddr) {
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
