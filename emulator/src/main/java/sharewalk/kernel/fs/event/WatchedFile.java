package sharewalk.kernel.fs.event;

import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Signals.SEGV_WRITE_NOTIFY;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.abi.WriteNotification.NOTIFY_SIGNAL;
import static sharewalk.abi.WriteNotification.NOTIFY_STORE;
import static sharewalk.abi.WriteNotification.NOTIFY_WRITE;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.page.PageWatch;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.wait.WaitQueue;

/// The watched ranges of one file. A page belongs to one descriptor at most, and of a page that somebody waits to write
/// to one event is told until it is unprotected: the writers after the first wait with it.
public final class WatchedFile implements PageWatch {
    private final PagedFile file;
    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private final Set<Long> told = new HashSet<>();
    private final WaitQueue writers = new WaitQueue();

    /// Pages up to `endPage`, whose writers wait or get a signal.
    private record Range(long endPage, WriteNotifier notifier, int mode, long cookie) {}

    private WatchedFile(PagedFile file) {
        this.file = file;
    }

    /// Returns the watch of a file, which is its own from then on.
    public static WatchedFile of(PagedFile file) {
        if (file.watch() instanceof WatchedFile watched) {
            return watched;
        }
        WatchedFile watched = new WatchedFile(file);
        file.setWatch(watched);
        return watched;
    }

    /// Watches pages `[firstPage, endPage)` for a descriptor; returns 0, or -EBUSY where one of them is watched.
    public long protect(WriteNotifier notifier, long firstPage, long endPage, int mode, long cookie) {
        Map.Entry<Long, Range> last = ranges.lowerEntry(endPage);
        if (last != null && last.getValue().endPage() > firstPage) {
            return -EBUSY;
        }
        ranges.put(firstPage, new Range(endPage, notifier, mode, cookie));
        notifier.watches(this);
        file.mappings().protectPages(file, firstPage, endPage);
        return 0;
    }

    /// Ends that for those of the pages `[firstPage, endPage)` that are the descriptor's; the entries get the right to
    /// write back at the next store.
    public void unprotect(WriteNotifier notifier, long firstPage, long endPage) {
        for (Map.Entry<Long, Range> entry : new TreeMap<>(ranges).entrySet()) {
            long first = entry.getKey();
            Range range = entry.getValue();
            if (range.notifier().equals(notifier) && first < endPage && range.endPage() > firstPage) {
                ranges.remove(first);
                if (first < firstPage) {
                    ranges.put(first, new Range(firstPage, notifier, range.mode(), range.cookie()));
                }
                if (range.endPage() > endPage) {
                    ranges.put(endPage, range);
                }
            }
        }
        told.removeIf(page -> !isWatched(page));
        writers.wakeAll();
    }

    @Override
    public boolean isWatched(long pageIndex) {
        return rangeOf(pageIndex) != null;
    }

    @Override
    public FaultOutcome stored(long pageIndex, long virtAddr) {
        Range range = rangeOf(pageIndex);
        if (range == null) {
            return new FaultOutcome.Resolved();
        }
        if (range.mode() == NOTIFY_SIGNAL) {
            file.writeTold();
            return new FaultOutcome.Signal(SIGSEGV, SEGV_WRITE_NOTIFY, virtAddr);
        }
        tell(range, pageIndex, virtAddr, NOTIFY_STORE);
        return new FaultOutcome.Waits(writers);
    }

    @Override
    public long written(long pageIndex) {
        Range range = rangeOf(pageIndex);
        if (range == null) {
            return 0;
        }
        if (range.mode() == NOTIFY_SIGNAL) {
            file.writeTold();
            return FileOperations.NEEDS_HANDLER;
        }
        tell(range, pageIndex, 0, NOTIFY_WRITE);
        return FileOperations.WOULD_BLOCK;
    }

    @Override
    public @Nullable WaitQueue waiting() {
        return writers;
    }

    private void tell(Range range, long pageIndex, long virtAddr, int kind) {
        if (told.add(pageIndex)) {
            file.writeTold();
            range.notifier().tell(pageIndex << FRAME_SHIFT, range.cookie(), virtAddr, kind);
        }
    }

    private @Nullable Range rangeOf(long pageIndex) {
        Map.Entry<Long, Range> entry = ranges.floorEntry(pageIndex);
        return entry != null && pageIndex < entry.getValue().endPage() ? entry.getValue() : null;
    }
}
