package sharewalk.kernel.mm;

import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.abi.Signals.SIGSEGV;

import org.jspecify.annotations.Nullable;

/// What one process must see, page by page, and the address space that must show it.
final class ModelledSpace {
    /// The one byte of a page of a file; `lost` while the file is too short for it.
    static final class Cell {
        int value;
        boolean lost;

        Cell(int value) {
            this.value = value;
        }
    }

    /// A page as the model knows it. `shown` is what it shows: shared with others, or, when private, until it has been
    /// written and `own` is there. Private memory of no file has no `shown`.
    record Page(
            int prot,
            boolean shared,
            @Nullable Cell shown,
            @Nullable Cell own) {
        Page withProt(int newProt) {
            return new Page(newProt, shared, shown, own);
        }

        Page inherited() {
            return own == null ? this : new Page(prot, shared, shown, new Cell(own.value));
        }

        /// What MADV_DONTNEED, or the truncation of its file, leaves.
        Page dropped() {
            return shared ? this : new Page(prot, false, shown, null);
        }

        /// Returns what a load gives: a byte or the negative number of a signal.
        long loaded() {
            if (prot == PROT_NONE) {
                return -SIGSEGV;
            }
            if (own != null) {
                return own.value;
            }
            if (shown == null) {
                return 0;
            }
            return shown.lost ? -SIGBUS : shown.value;
        }

        /// Returns what a store gives: 0 or the negative number of a signal.
        long stored() {
            if ((prot & PROT_WRITE) == 0) {
                return -SIGSEGV;
            }
            return own == null && shown != null && shown.lost ? -SIGBUS : 0;
        }

        /// Returns the page after a store that succeeded.
        Page with(int value) {
            Cell written = shared ? shown : own;
            if (written != null) {
                written.value = value;
                return this;
            }
            return new Page(prot, false, shown, new Cell(value));
        }
    }

    final AddressSpace space;
    final @Nullable Page[] pages;

    ModelledSpace(AddressSpace space, int pages) {
        this.space = space;
        this.pages = new Page[pages];
    }

    /// Returns the model of a forked child.
    ModelledSpace forked(AddressSpace child) {
        ModelledSpace copy = new ModelledSpace(child, pages.length);
        for (int i = 0; i < pages.length; i++) {
            Page page = pages[i];
            copy.pages[i] = page == null ? null : page.inherited();
        }
        return copy;
    }

    long loaded(int page) {
        Page known = pages[page];
        return known == null ? -SIGSEGV : known.loaded();
    }

    void forget(int first, int end) {
        for (int i = first; i < end; i++) {
            pages[i] = null;
        }
    }

    void drop(int first, int end) {
        for (int i = first; i < end; i++) {
            Page page = pages[i];
            pages[i] = page == null ? null : page.dropped();
        }
    }
}
