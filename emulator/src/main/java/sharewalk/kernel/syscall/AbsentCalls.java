package sharewalk.kernel.syscall;

import java.util.List;
import sharewalk.abi.SystemCall;

/// The system calls that no emulated program gets, by kind.
final class AbsentCalls {
    private static final List<SystemCall> SOCKETS = List.of(
            SystemCall.SOCKET,
            SystemCall.SOCKETPAIR,
            SystemCall.BIND,
            SystemCall.LISTEN,
            SystemCall.ACCEPT,
            SystemCall.ACCEPT4,
            SystemCall.CONNECT,
            SystemCall.SENDTO,
            SystemCall.RECVFROM,
            SystemCall.SENDMSG,
            SystemCall.RECVMSG,
            SystemCall.SHUTDOWN,
            SystemCall.GETSOCKNAME,
            SystemCall.GETPEERNAME,
            SystemCall.SETSOCKOPT,
            SystemCall.GETSOCKOPT);

    private static final List<SystemCall> SYSTEM_V = List.of(
            SystemCall.SHMGET,
            SystemCall.SHMAT,
            SystemCall.SHMCTL,
            SystemCall.SHMDT,
            SystemCall.SEMGET,
            SystemCall.SEMOP,
            SystemCall.SEMCTL,
            SystemCall.MSGGET);

    private static final List<SystemCall> OTHERS = List.of(
            SystemCall.PTRACE,
            SystemCall.PIDFD_OPEN,
            SystemCall.PIDFD_SEND_SIGNAL,
            SystemCall.PIDFD_GETFD,
            SystemCall.PROCESS_VM_READV,
            SystemCall.PROCESS_VM_WRITEV,
            SystemCall.IO_URING_SETUP,
            SystemCall.SECCOMP,
            SystemCall.BPF,
            SystemCall.PERF_EVENT_OPEN,
            SystemCall.INOTIFY_INIT1,
            SystemCall.UNSHARE,
            SystemCall.SETNS);

    private AbsentCalls() {}

    static void register(SystemCallTable table) {
        SOCKETS.forEach(call -> table.absent(call, "no network"));
        SYSTEM_V.forEach(call -> table.absent(call, "memfd_create and mmap share memory"));
        OTHERS.forEach(call -> table.absent(call, ""));
    }
}
