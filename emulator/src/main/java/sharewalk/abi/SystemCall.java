package sharewalk.abi;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A system call with its number on each instruction set: RISC-V (the kernel's generic list), then x86-64.
///
/// The lower-case name is the one of section 2 of the manual.
public enum SystemCall {
    READ(63, 0),
    WRITE(64, 1),
    READV(65, 19),
    WRITEV(66, 20),
    PREAD64(67, 17),
    PWRITE64(68, 18),
    PREADV(69, 295),
    PWRITEV(70, 296),
    PREADV2(286, 327),
    PWRITEV2(287, 328),
    LSEEK(62, 8),
    OPEN(-1, 2),
    OPENAT(56, 257),
    OPENAT2(437, 437),
    CREAT(-1, 85),
    CLOSE(57, 3),
    CLOSE_RANGE(436, 436),
    DUP(23, 32),
    DUP2(-1, 33),
    DUP3(24, 292),
    FCNTL(25, 72),
    FLOCK(32, 73),
    IOCTL(29, 16),
    PIPE(-1, 22),
    PIPE2(59, 293),
    MEMFD_CREATE(279, 319),
    POLL(-1, 7),
    PPOLL(73, 271),
    SELECT(-1, 23),
    PSELECT6(72, 270),
    EPOLL_CREATE(-1, 213),
    EPOLL_CREATE1(20, 291),
    EPOLL_CTL(21, 233),
    EPOLL_WAIT(-1, 232),
    EPOLL_PWAIT(22, 281),
    EVENTFD(-1, 284),
    EVENTFD2(19, 290),
    SENDFILE(71, 40),
    COPY_FILE_RANGE(285, 326),
    SPLICE(76, 275),

    STAT(-1, 4),
    FSTAT(80, 5),
    LSTAT(-1, 6),
    NEWFSTATAT(79, 262),
    STATX(291, 332),
    STATFS(43, 137),
    FSTATFS(44, 138),
    ACCESS(-1, 21),
    FACCESSAT(48, 269),
    FACCESSAT2(439, 439),
    READLINK(-1, 89),
    READLINKAT(78, 267),
    GETDENTS(-1, 78),
    GETDENTS64(61, 217),
    GETCWD(17, 79),
    CHDIR(49, 80),
    FCHDIR(50, 81),
    MKDIR(-1, 83),
    MKDIRAT(34, 258),
    RMDIR(-1, 84),
    UNLINK(-1, 87),
    UNLINKAT(35, 263),
    RENAME(-1, 82),
    RENAMEAT(-1, 264),
    RENAMEAT2(276, 316),
    LINK(-1, 86),
    LINKAT(37, 265),
    SYMLINK(-1, 88),
    SYMLINKAT(36, 266),
    MKNOD(-1, 133),
    MKNODAT(33, 259),
    CHMOD(-1, 90),
    FCHMOD(52, 91),
    FCHMODAT(53, 268),
    CHOWN(-1, 92),
    FCHOWN(55, 93),
    LCHOWN(-1, 94),
    FCHOWNAT(54, 260),
    UMASK(166, 95),
    TRUNCATE(45, 76),
    FTRUNCATE(46, 77),
    FALLOCATE(47, 285),
    FADVISE64(223, 221),
    READAHEAD(213, 187),
    SYNC(81, 162),
    FSYNC(82, 74),
    FDATASYNC(83, 75),
    SYNCFS(267, 306),
    UTIMENSAT(88, 280),
    UTIME(-1, 132),
    UTIMES(-1, 235),
    FUTIMESAT(-1, 261),
    MOUNT(40, 165),
    UMOUNT2(39, 166),
    CHROOT(51, 161),

    MMAP(222, 9),
    MUNMAP(215, 11),
    MPROTECT(226, 10),
    MREMAP(216, 25),
    BRK(214, 12),
    MADVISE(233, 28),
    MSYNC(227, 26),
    MINCORE(232, 27),
    MLOCK(228, 149),
    MLOCK2(284, 325),
    MUNLOCK(229, 150),
    MLOCKALL(230, 151),
    MUNLOCKALL(231, 152),
    REMAP_FILE_PAGES(234, 216),
    PROCESS_MADVISE(440, 440),
    MEMBARRIER(283, 324),
    USERFAULTFD(282, 323),
    MBIND(235, 237),
    GET_MEMPOLICY(236, 239),
    SET_MEMPOLICY(237, 238),

    FORK(-1, 57),
    VFORK(-1, 58),
    CLONE(220, 56),
    CLONE3(435, 435),
    EXECVE(221, 59),
    EXECVEAT(281, 322),
    EXIT(93, 60),
    EXIT_GROUP(94, 231),
    WAIT4(260, 61),
    WAITID(95, 247),
    GETPID(172, 39),
    GETTID(178, 186),
    GETPPID(173, 110),
    SETPGID(154, 109),
    GETPGID(155, 121),
    GETPGRP(-1, 111),
    SETSID(157, 112),
    GETSID(156, 124),
    SET_TID_ADDRESS(96, 218),
    SET_ROBUST_LIST(99, 273),
    GET_ROBUST_LIST(100, 274),
    RSEQ(293, 334),
    FUTEX(98, 202),
    FUTEX_WAITV(449, 449),

    KILL(129, 62),
    TKILL(130, 200),
    TGKILL(131, 234),
    RT_SIGACTION(134, 13),
    RT_SIGPROCMASK(135, 14),
    RT_SIGPENDING(136, 127),
    RT_SIGSUSPEND(133, 130),
    RT_SIGRETURN(139, 15),
    RT_SIGTIMEDWAIT(137, 128),
    RT_SIGQUEUEINFO(138, 129),
    RT_TGSIGQUEUEINFO(240, 297),
    SIGALTSTACK(132, 131),
    PAUSE(-1, 34),
    ALARM(-1, 37),
    SETITIMER(103, 38),
    GETITIMER(102, 36),
    TIMER_CREATE(107, 222),
    TIMER_SETTIME(110, 223),
    TIMER_DELETE(111, 226),
    SIGNALFD4(74, 289),
    TIMERFD_CREATE(85, 283),

    GETUID(174, 102),
    GETEUID(175, 107),
    GETGID(176, 104),
    GETEGID(177, 108),
    GETRESUID(148, 118),
    GETRESGID(150, 120),
    SETUID(146, 105),
    SETGID(144, 106),
    SETREUID(145, 113),
    SETREGID(143, 114),
    SETRESUID(147, 117),
    SETRESGID(149, 119),
    GETGROUPS(158, 115),
    SETGROUPS(159, 116),
    CAPGET(90, 125),
    CAPSET(91, 126),
    PERSONALITY(92, 135),

    TIME(-1, 201),
    GETTIMEOFDAY(169, 96),
    CLOCK_GETTIME(113, 228),
    CLOCK_SETTIME(112, 227),
    CLOCK_GETRES(114, 229),
    CLOCK_NANOSLEEP(115, 230),
    NANOSLEEP(101, 35),
    TIMES(153, 100),
    GETRUSAGE(165, 98),

    GETRLIMIT(163, 97),
    SETRLIMIT(164, 160),
    PRLIMIT64(261, 302),
    SCHED_YIELD(124, 24),
    SCHED_GETAFFINITY(123, 204),
    SCHED_SETAFFINITY(122, 203),
    SCHED_GETPARAM(121, 143),
    SCHED_SETSCHEDULER(119, 144),
    SCHED_GETSCHEDULER(120, 145),
    SCHED_GET_PRIORITY_MAX(125, 146),
    SCHED_GET_PRIORITY_MIN(126, 147),
    GETPRIORITY(141, 140),
    SETPRIORITY(140, 141),
    GETCPU(168, 309),

    UNAME(160, 63),
    SYSINFO(179, 99),
    GETRANDOM(278, 318),
    PRCTL(167, 157),
    ARCH_PRCTL(-1, 158),
    RISCV_HWPROBE(258, -1),
    RISCV_FLUSH_ICACHE(259, -1),
    SETHOSTNAME(161, 170),
    PTRACE(117, 101),

    SOCKET(198, 41),
    SOCKETPAIR(199, 53),
    BIND(200, 49),
    LISTEN(201, 50),
    ACCEPT(202, 43),
    ACCEPT4(242, 288),
    CONNECT(203, 42),
    SENDTO(206, 44),
    RECVFROM(207, 45),
    SENDMSG(211, 46),
    RECVMSG(212, 47),
    SHUTDOWN(210, 48),
    GETSOCKNAME(204, 51),
    GETPEERNAME(205, 52),
    SETSOCKOPT(208, 54),
    GETSOCKOPT(209, 55),
    SHMGET(194, 29),
    SHMAT(196, 30),
    SHMCTL(195, 31),
    SHMDT(197, 67),
    SEMGET(190, 64),
    SEMOP(193, 65),
    SEMCTL(191, 66),
    MSGGET(186, 68),
    PIDFD_OPEN(434, 434),
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_GETFD(438, 438),
    PROCESS_VM_READV(270, 310),
    PROCESS_VM_WRITEV(271, 311),
    IO_URING_SETUP(425, 425),
    SECCOMP(277, 317),
    BPF(280, 321),
    PERF_EVENT_OPEN(241, 298),
    INOTIFY_INIT1(26, 294),
    UNSHARE(97, 272),
    SETNS(268, 308),
    /// Sharewalk's own: begins the phase named by the C string at its only argument.
    MARK(0x5357_0001, 0x5357_0001),
    /// Moves the pages of `[address, address + size)` to swap, whoever maps them, as when memory is short.
    RECLAIM(0x5357_0180, 0x5357_0180),
    /// Makes a descriptor that is told of writes to pages of files (`--notify write`).
    NOTIFY_CREATE(0x5357_0181, 0x5357_0181),
    /// Has writes to a range of a file told of by such a descriptor, or by a signal to the writer.
    NOTIFY_PROTECT(0x5357_0182, 0x5357_0182),
    /// Ends that for a range, and lets those go on who wait to write to it.
    NOTIFY_UNPROTECT(0x5357_0183, 0x5357_0183),

    // What sharing designs bring: the numbers their patches gave them on x86-64, which are the same on every
    // instruction set since 424; those that never had one are counted from 0x5357_0100.
    MSHARE(451, 451),
    MSHARE_UNLINK(452, 452),
    MSHARE_CREATE(0x5357_0100, 0x5357_0100),
    MSHARE_ATTACH(0x5357_0101, 0x5357_0101),
    MSHARE_DETACH(0x5357_0102, 0x5357_0102),
    MSHARE_MAP(0x5357_0103, 0x5357_0103),
    MSHARE_UNMAP(0x5357_0104, 0x5357_0104),
    MSHARE_PROTECT(0x5357_0105, 0x5357_0105),
    MSHARE_ADVISE(0x5357_0106, 0x5357_0106),
    CONTAINER_CREATE(0x5357_0110, 0x5357_0110),
    SHARE_TABLES(0x5357_0120, 0x5357_0120);

    private static final Map<Integer, SystemCall> RISCV = new HashMap<>();
    private static final Map<Integer, SystemCall> X86 = new HashMap<>();

    static {
        for (SystemCall call : values()) {
            RISCV.put(call.riscvNumber, call);
            X86.put(call.x86Number, call);
        }
        RISCV.remove(-1);
        X86.remove(-1);
    }

    private final int riscvNumber;
    private final int x86Number;

    SystemCall(int riscvNumber, int x86Number) {
        this.riscvNumber = riscvNumber;
        this.x86Number = x86Number;
    }

    /// Returns the number on RISC-V, or -1 where there is none.
    public int riscvNumber() {
        return riscvNumber;
    }

    /// Returns the number on x86-64, or -1 where there is none.
    public int x86Number() {
        return x86Number;
    }

    /// Returns the name as the manual writes it.
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the call of a RISC-V number, or null.
    public static @Nullable SystemCall ofRiscv(int number) {
        return RISCV.get(number);
    }

    /// Returns the call of an x86-64 number, or null.
    public static @Nullable SystemCall ofX86(int number) {
        return X86.get(number);
    }
}
