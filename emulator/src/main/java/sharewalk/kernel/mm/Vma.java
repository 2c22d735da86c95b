package sharewalk.kernel.mm;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import org.jspecify.annotations.Nullable;

/// A virtual memory area: the addresses `[start, end)` of one address space, which map the same thing with the same
/// rights. `pageOffset` is the page of the mapped file that `start` shows; for anonymous memory it is the page number
/// that `start` had when the area was made.
public record Vma(long start, long end, long pageOffset, VmaTraits traits) {
    public Vma {
        if (start >= end || ((start | end) & (PAGE_BYTES - 1)) != 0) {
            throw new IllegalArgumentException("area [%#x, %#x)".formatted(start, end));
        }
    }

    public long sizeBytes() {
        return end - start;
    }

    public Mapping mapping() {
        return traits.mapping();
    }

    public String label() {
        return traits.label();
    }

    public int prot() {
        return traits.prot();
    }

    /// Returns whether a flag of [VmaTraits] is set.
    public boolean has(int flag) {
        return traits.has(flag);
    }

    public boolean contains(long virtAddr) {
        return virtAddr >= start && virtAddr < end;
    }

    /// Returns the file of huge pages behind it, or null (`is_vm_hugetlb_page`).
    public @Nullable HugePages hugePages() {
        return mapping().source() instanceof HugePages pages ? pages : null;
    }

    /// Returns the size of the pages that it consists of: entries are made, and areas cut, at multiples of it only.
    public long pageBytes() {
        HugePages pages = hugePages();
        return pages == null ? PAGE_BYTES : pages.pool().pageBytes();
    }

    /// Returns the page of the mapped file that an address shows.
    public long pageIndex(long virtAddr) {
        return pageOffset + (virtAddr - start >> PAGE_SHIFT);
    }

    /// Returns the address that shows a page of the mapped file, which may lie outside the area.
    public long virtAddrOf(long pageIndex) {
        return start + (pageIndex - pageOffset << PAGE_SHIFT);
    }

    /// Returns the part, or the extension, `[newStart, newEnd)` of this area.
    public Vma over(long newStart, long newEnd) {
        return new Vma(newStart, newEnd, pageOffset + (newStart - start >> PAGE_SHIFT), traits);
    }

    /// Returns the same area with other traits.
    public Vma with(VmaTraits newTraits) {
        return new Vma(start, end, pageOffset, newTraits);
    }

    /// Returns whether `next` begins where this ends and goes on with the same thing.
    boolean mergesWith(Vma next) {
        return end == next.start && traits.mergesWith(next.traits) && pageIndex(end) == next.pageOffset;
    }

    /// Returns this area and the adjacent `next` as one.
    Vma merged(Vma next) {
        return new Vma(start, next.end, pageOffset, traits.with(next.traits.flags()));
    }
}
