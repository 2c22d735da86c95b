package sharewalk.kernel.syscall;

import static sharewalk.abi.Clocks.CLOCK_BOOTTIME;
import static sharewalk.abi.Clocks.CLOCK_MONOTONIC;
import static sharewalk.abi.Clocks.CLOCK_MONOTONIC_COARSE;
import static sharewalk.abi.Clocks.CLOCK_MONOTONIC_RAW;
import static sharewalk.abi.Clocks.CLOCK_PROCESS_CPUTIME_ID;
import static sharewalk.abi.Clocks.CLOCK_REALTIME;
import static sharewalk.abi.Clocks.CLOCK_REALTIME_COARSE;
import static sharewalk.abi.Clocks.CLOCK_THREAD_CPUTIME_ID;
import static sharewalk.abi.Clocks.TIMER_ABSTIME;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINTR;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.EPERM;

import java.util.List;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.BadAddressException;
import sharewalk.kernel.process.GuestClock;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.Usage;

/// Clocks and sleeping. All clocks follow guest time; CPU clocks count instructions.
final class TimeCalls {
    private static final long NANOSECONDS_PER_TICK = 10_000_000;
    private static final long NO_CLOCK = -1;

    private TimeCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.CLOCK_GETTIME, TimeCalls::clockTime);
        table.full(SystemCall.CLOCK_GETRES, TimeCalls::resolution);
        table.partial(SystemCall.CLOCK_SETTIME, "refused", _ -> -EPERM);
        table.full(SystemCall.GETTIMEOFDAY, TimeCalls::timeOfDay);
        table.full(SystemCall.TIME, TimeCalls::seconds);
        table.full(SystemCall.TIMES, TimeCalls::times);
        table.fullWaiting(SystemCall.NANOSLEEP, call -> sleep(call, 0));
        table.fullWaiting(SystemCall.CLOCK_NANOSLEEP, TimeCalls::clockSleep);
    }

    /// Returns the time of a clock, or [#NO_CLOCK].
    private static long read(Call call, int clock) {
        return switch (clock) {
            case CLOCK_REALTIME, CLOCK_REALTIME_COARSE ->
                call.services().clock().realTime();
            case CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME -> call.now();
            case CLOCK_PROCESS_CPUTIME_ID -> call.process().usage().instructions();
            case CLOCK_THREAD_CPUTIME_ID -> call.task().usage().instructions();
            default -> NO_CLOCK;
        };
    }

    private static long clockTime(Call call) {
        long time = read(call, call.intArgument(0));
        if (time == NO_CLOCK) {
            return -EINVAL;
        }
        Durations.write(call.memory(), call.argument(1), time);
        return 0;
    }

    private static long resolution(Call call) {
        if (read(call, call.intArgument(0)) == NO_CLOCK) {
            return -EINVAL;
        }
        if (call.argument(1) != 0) {
            Durations.write(call.memory(), call.argument(1), 1);
        }
        return 0;
    }

    private static long timeOfDay(Call call) {
        if (call.argument(0) != 0) {
            Durations.writeMicroseconds(
                    call.memory(), call.argument(0), call.services().clock().realTime());
        }
        if (call.argument(1) != 0) {
            call.memory().writeLong(call.argument(1), 0);
        }
        return 0;
    }

    private static long seconds(Call call) {
        long seconds = call.services().clock().realTime() / Durations.SECOND;
        if (call.argument(0) != 0) {
            call.memory().writeLong(call.argument(0), seconds);
        }
        return seconds;
    }

    private static long times(Call call) {
        Usage own = call.process().usage();
        Usage children = call.process().reapedChildren();
        if (call.argument(0) != 0) {
            call.memory().writeLong(call.argument(0), own.instructions() / NANOSECONDS_PER_TICK);
            call.memory().writeLong(call.argument(0) + 8, 0);
            call.memory().writeLong(call.argument(0) + 16, children.instructions() / NANOSECONDS_PER_TICK);
            call.memory().writeLong(call.argument(0) + 24, 0);
        }
        return call.now() / NANOSECONDS_PER_TICK;
    }

    private static SyscallResult clockSleep(Call call) {
        int clock = call.intArgument(0);
        if (clock == CLOCK_PROCESS_CPUTIME_ID) {
            return SyscallResult.done(-EOPNOTSUPP);
        }
        if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME) {
            return SyscallResult.done(-EINVAL);
        }
        if ((call.intArgument(1) & TIMER_ABSTIME) == 0) {
            return sleep(call, 2);
        }
        long time = Durations.read(call.memory(), call.argument(2));
        if (time == Durations.INVALID) {
            return SyscallResult.done(-EINVAL);
        }
        return sleepUntil(call, clock == CLOCK_REALTIME ? time - GuestClock.BOOT_SECONDS * Durations.SECOND : time);
    }

    /// Sleeps for the duration an argument points at; what is left of it goes to the address in the next argument.
    private static SyscallResult sleep(Call call, int position) {
        long duration = Durations.read(call.memory(), call.argument(position));
        if (duration == Durations.INVALID) {
            return SyscallResult.done(-EINVAL);
        }
        long deadline = Durations.after(call, duration);
        long remainder = call.argument(position + 1);
        if (remainder != 0) {
            call.pending().setProgress(new Sleep(call, deadline, remainder));
        }
        return sleepUntil(call, deadline);
    }

    private static SyscallResult sleepUntil(Call call, long deadline) {
        return deadline <= call.now()
                ? SyscallResult.done(0)
                : new SyscallResult.Wait(List.of(), deadline, PendingCall.Interruption.ALWAYS_EINTR);
    }

    /// A sleep that tells how much of it is left when a handler ends it.
    private record Sleep(Call call, long deadline, long remainder) implements PendingCall.Progress {
        @Override
        public long interrupted() {
            try {
                Durations.write(call.memory(), remainder, Math.max(0, deadline - call.now()));
                return -EINTR;
            } catch (BadAddressException e) {
                return -EFAULT;
            }
        }
    }
}
