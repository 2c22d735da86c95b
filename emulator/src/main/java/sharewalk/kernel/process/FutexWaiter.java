package sharewalk.kernel.process;

/// A task that waits on a futex word.
public final class FutexWaiter implements PendingCall.Progress {
    private final Futexes futexes;
    private final Task task;
    private final int bits;
    private FutexKey key;
    private boolean woken;

    FutexWaiter(Futexes futexes, FutexKey key, Task task, int bits) {
        this.futexes = futexes;
        this.key = key;
        this.task = task;
        this.bits = bits;
    }

    /// Returns whether somebody woke it, rather than a signal or the time.
    public boolean isWoken() {
        return woken;
    }

    @Override
    public void abandon() {
        futexes.remove(this);
    }

    FutexKey key() {
        return key;
    }

    void moveTo(FutexKey newKey) {
        key = newKey;
    }

    boolean matches(int wanted) {
        return (bits & wanted) != 0;
    }

    void wake() {
        woken = true;
        task.wake();
    }
}
