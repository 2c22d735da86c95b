package sharewalk.kernel.wait;

/// A party that waits in a queue: a blocked task.
public interface Waiter {
    /// Tells the waiter that what it waits for may have happened; it has left the queue already.
    void wake();
}
