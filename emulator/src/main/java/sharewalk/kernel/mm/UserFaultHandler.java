package sharewalk.kernel.mm;

import sharewalk.kernel.wait.WaitQueue;

/// Whoever resolves page faults of registered addresses in the kernel's place: a userfaultfd.
public interface UserFaultHandler {
    /// Tells of a fault, with bits `UFFD_PAGEFAULT_FLAG_*`; returns the queue that the thread is to wait in.
    WaitQueue faulted(long virtAddr, int flags);
}
