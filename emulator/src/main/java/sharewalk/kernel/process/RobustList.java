package sharewalk.kernel.process;

import sharewalk.abi.FutexOps;

/// The futexes a dying thread still owns, as its C library listed them (get_robust_list(2)).
final class RobustList {
    /// A list longer than this is taken for a loop.
    private static final int LIMIT = 2048;

    private static final int OFFSET = 8;
    private static final int PENDING = 16;

    private final Futexes futexes;

    RobustList(Futexes futexes) {
        this.futexes = futexes;
    }

    /// Marks every futex of the list as left by a dead owner and wakes a waiter of each; a list that cannot be read
    /// ends there.
    void release(Task task) {
        long head = task.robustList();
        if (head == 0) {
            return;
        }
        TaskMemory memory = task.process().memory();
        try {
            long offset = memory.readLong(head + OFFSET);
            long pending = memory.readLong(head + PENDING) & ~1L;
            long entry = memory.readLong(head) & ~1L;
            for (int i = 0; i < LIMIT && entry != head; i++) {
                long next = memory.readLong(entry) & ~1L;
                if (entry != pending) {
                    ownerDied(task, memory, entry + offset);
                }
                entry = next;
            }
            if (pending != 0) {
                ownerDied(task, memory, pending + offset);
            }
        } catch (BadAddressException e) {
            // The thread is gone either way; what its list named stays as it is (robust_futexes, "the kernel
            // does not trust the list").
            return;
        }
    }

    private void ownerDied(Task task, TaskMemory memory, long virtAddr) {
        int word = memory.readInt(virtAddr);
        if ((word & FutexOps.FUTEX_TID_MASK) != task.tid()) {
            return;
        }
        memory.writeInt(virtAddr, word & FutexOps.FUTEX_WAITERS | FutexOps.FUTEX_OWNER_DIED);
        if ((word & FutexOps.FUTEX_WAITERS) != 0) {
            var _ = futexes.wake(futexes.key(memory.space(), virtAddr, false), 1, FutexOps.FUTEX_BITSET_MATCH_ANY);
            var _ = futexes.wake(futexes.key(memory.space(), virtAddr, true), 1, FutexOps.FUTEX_BITSET_MATCH_ANY);
        }
    }
}
