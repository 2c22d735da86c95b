package sharewalk.mmu.paging;

import java.util.List;

/// A size of page that some paging mode has: that of a leaf at each level, and RISC-V's 64 KiB NAPOT pages (Svnapot).
public enum PageSize {
    KIB_4(12, "4K"),
    KIB_64(16, "64K"),
    MIB_2(21, "2M"),
    GIB_1(30, "1G"),
    GIB_512(39, "512G"),
    TIB_256(48, "256T");

    private final int shift;
    private final String text;

    PageSize(int shift, String text) {
        this.shift = shift;
        this.text = text;
    }

    /// Returns the size of `1 << shift` bytes.
    public static PageSize ofShift(int shift) {
        for (PageSize size : values()) {
            if (size.shift == shift) {
                return size;
            }
        }
        throw new IllegalArgumentException("no page has 2^" + shift + " bytes");
    }

    /// Returns the size written as `text`, for example `2M`.
    public static PageSize parse(String text) {
        for (PageSize size : values()) {
            if (size.text.equals(text)) {
                return size;
            }
        }
        throw new IllegalArgumentException("there is no page size '" + text + "'; sizes are " + List.of(values()));
    }

    /// Returns the number of address bits inside the page.
    public int shift() {
        return shift;
    }

    /// Returns the number of bytes.
    public long bytes() {
        return 1L << shift;
    }

    @Override
    public String toString() {
        return text;
    }
}
