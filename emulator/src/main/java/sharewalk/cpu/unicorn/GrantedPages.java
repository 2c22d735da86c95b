package sharewalk.cpu.unicorn;

import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import java.util.Arrays;
import sharewalk.mmu.walk.Rights;
import unicorn.UnicornConst;

/// The pages that an engine may hold in its own translation cache: all it was given and not told to forget. It may have
/// dropped some by itself.
public final class GrantedPages {
    private static final long PAGE_MASK = -4096;

    private final Long2LongOpenHashMap pages = new Long2LongOpenHashMap();

    /// A receiver of granted pages.
    @FunctionalInterface
    public interface Visitor {
        /// Receives a page: its first address, and its physical address packed with [Rights].
        void visit(long virtAddr, long translation);
    }

    /// Shows every page, in the order of their addresses.
    public void forEach(Visitor visitor) {
        long[] addresses = pages.keySet().toLongArray();
        Arrays.sort(addresses);
        for (long virtAddr : addresses) {
            visitor.visit(virtAddr, pages.get(virtAddr));
        }
    }

    /// Notes what a fill was answered with.
    void grant(long virtAddr, long answer) {
        if ((answer & UnicornConst.UC_PROT_ALL) == 0) {
            return;
        }
        long page = virtAddr & PAGE_MASK;
        long rights = Rights.USER
                | ((answer & UnicornConst.UC_PROT_READ) != 0 ? Rights.READ : 0)
                | ((answer & UnicornConst.UC_PROT_WRITE) != 0 ? Rights.WRITE | Rights.DIRTY : 0)
                | ((answer & UnicornConst.UC_PROT_EXEC) != 0 ? Rights.EXECUTE : 0);
        long before = pages.get(page);
        // One answer does not end what another kind of access was granted on the same frame.
        long kept = (before & PAGE_MASK) == (answer & PAGE_MASK) ? before : 0;
        pages.put(page, (answer & PAGE_MASK) | rights | kept);
    }

    void forget(long virtAddr) {
        pages.remove(virtAddr & PAGE_MASK);
    }

    void forgetAll() {
        pages.clear();
    }
}
