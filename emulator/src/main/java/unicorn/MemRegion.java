package unicorn;

/// A mapped range of guest memory.
public class MemRegion {
    /// First address.
    public long begin;

    /// Last address, which belongs to the region.
    public long end;

    /// Rights (`UC_PROT_*`).
    public int perms;

    /// Creates a region.
    public MemRegion(long begin, long end, int perms) {
        this.begin = begin;
        this.end = end;
        this.perms = perms;
    }

    @Override
    public String toString() {
        return String.format("MemRegion [begin=0x%x, end=0x%x, perms=%d]", begin, end, perms);
    }
}
