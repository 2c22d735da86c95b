package sharewalk.kernel.wait;

import java.util.LinkedHashSet;
import java.util.Set;

/// A queue of waiters, each in it at most once, woken first come, first served.
///
/// A waiter may stand in many queues (poll(2)); once woken by one it leaves the others itself.
public final class WaitQueue {
    private final Set<Waiter> waiters = new LinkedHashSet<>();

    /// Puts a waiter at the end; one that is in the queue already keeps its place.
    public void add(Waiter waiter) {
        waiters.add(waiter);
    }

    /// Takes a waiter out; nothing happens when it is not in the queue.
    public void remove(Waiter waiter) {
        waiters.remove(waiter);
    }

    /// Wakes the waiters of this moment, all of them, in order.
    public void wakeAll() {
        wake(waiters.size());
    }

    /// Wakes at most so many waiters, in order.
    public void wake(int count) {
        for (int left = Math.min(count, waiters.size()); left > 0 && !waiters.isEmpty(); left--) {
            Waiter first = waiters.iterator().next();
            waiters.remove(first);
            first.wake();
        }
    }

    /// Returns how many wait.
    public int size() {
        return waiters.size();
    }

    /// Tells whether nobody waits.
    public boolean isEmpty() {
        return waiters.isEmpty();
    }
}
