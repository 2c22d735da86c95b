package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import sharewalk.abi.FutexOps;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.Vma;
import sharewalk.mmu.paging.AccessType;

/// The tasks that wait on futex words, woken in the order they came (futex(2)).
public final class Futexes {
    private static final long PAGE_MASK = 4095;

    private final Map<FutexKey, List<FutexWaiter>> queues = new HashMap<>();
    private final Object physicalMemory = new Object();

    /// Creates the table without waiters.
    public Futexes() {}

    /// Returns what a word is known by. A word that only one address space can see is known by its address there; a
    /// word in shared memory by its place in what is shared.
    ///
    /// Preconditions:
    /// - the word has just been read, so that its page is there
    public FutexKey key(AddressSpace space, long virtAddr, boolean isPrivate) {
        Vma area = isPrivate ? null : space.vmas().find(virtAddr);
        if (area == null || !area.mapping().isShared()) {
            return new FutexKey(space, virtAddr);
        }
        PageSource source = area.mapping().source();
        if (source != null) {
            return new FutexKey(source, area.pageIndex(virtAddr) << 12 | virtAddr & PAGE_MASK);
        }
        return new FutexKey(physicalMemory, space.user().physAddr(virtAddr, AccessType.LOAD));
    }

    /// Puts a task at the end of a word's queue.
    public FutexWaiter enqueue(FutexKey key, Task task, int bits) {
        FutexWaiter waiter = new FutexWaiter(this, key, task, bits);
        queues.computeIfAbsent(key, _ -> new ArrayList<>()).add(waiter);
        return waiter;
    }

    /// Wakes at most `count` of the tasks that wait for any of the bits; returns how many.
    public int wake(FutexKey key, int count, int bits) {
        List<FutexWaiter> queue = queues.getOrDefault(key, List.of());
        int woken = 0;
        for (Iterator<FutexWaiter> each = queue.iterator(); woken < count && each.hasNext(); ) {
            FutexWaiter waiter = each.next();
            if (waiter.matches(bits)) {
                each.remove();
                waiter.wake();
                woken++;
            }
        }
        dropIfEmpty(key);
        return woken;
    }

    /// Wakes at most `wakeCount` tasks and has at most `moveCount` more wait on another word; returns the sum.
    public int requeue(FutexKey from, FutexKey to, int wakeCount, int moveCount) {
        int done = wake(from, wakeCount, FutexOps.FUTEX_BITSET_MATCH_ANY);
        List<FutexWaiter> queue = queues.getOrDefault(from, List.of());
        List<FutexWaiter> moving = new ArrayList<>(queue.subList(0, Math.min(moveCount, queue.size())));
        if (from.equals(to)) {
            return done + moving.size();
        }
        for (FutexWaiter waiter : moving) {
            queue.remove(waiter);
            waiter.moveTo(to);
            queues.computeIfAbsent(to, _ -> new ArrayList<>()).add(waiter);
        }
        dropIfEmpty(from);
        return done + moving.size();
    }

    void remove(FutexWaiter waiter) {
        List<FutexWaiter> queue = queues.get(waiter.key());
        if (queue != null) {
            queue.remove(waiter);
            dropIfEmpty(waiter.key());
        }
    }

    private void dropIfEmpty(FutexKey key) {
        List<FutexWaiter> queue = queues.get(key);
        if (queue != null && queue.isEmpty()) {
            queues.remove(key);
        }
    }
}
