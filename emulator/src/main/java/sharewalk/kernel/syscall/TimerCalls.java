package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOSYS;
import static sharewalk.abi.Signals.SIGALRM;
import static sharewalk.abi.Signals.SI_KERNEL;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.KernelServices;
import sharewalk.kernel.process.SignalDetail;
import sharewalk.kernel.process.Timeouts;

/// The real-time timer of a process: alarm(2) and setitimer(2).
final class TimerCalls {
    private static final int ITIMER_REAL = 0;
    private static final int TIMERS = 3;
    private static final int TIMEVAL_BYTES = 16;

    private TimerCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.ALARM, TimerCalls::alarm);
        table.partial(SystemCall.SETITIMER, "ITIMER_REAL only", TimerCalls::set);
        table.partial(SystemCall.GETITIMER, "ITIMER_REAL only", TimerCalls::get);
        table.absent(SystemCall.TIMER_CREATE, "");
        table.absent(SystemCall.TIMER_SETTIME, "");
        table.absent(SystemCall.TIMER_DELETE, "");
        table.absent(SystemCall.TIMERFD_CREATE, "");
    }

    /// What happens when the timer of a process runs out.
    private record Alarm(KernelServices services, GuestProcess process) implements Timeouts.Target {
        @Override
        public void expired() {
            if (process.alarmInterval() > 0) {
                services.timeouts().set(this, services.clock().now() + process.alarmInterval());
            }
            services.signaling().send(process, new SignalDetail.Sent(SIGALRM, SI_KERNEL, 0, 0, 0));
        }
    }

    private static long alarm(Call call) {
        long left = remaining(call);
        long seconds = Integer.toUnsignedLong(call.intArgument(0));
        arm(call, seconds * Durations.SECOND, 0);
        return (left + Durations.SECOND - 1) / Durations.SECOND;
    }

    private static long set(Call call) {
        int which = call.intArgument(0);
        if (which < 0 || which >= TIMERS) {
            return -EINVAL;
        }
        if (which != ITIMER_REAL) {
            return -ENOSYS;
        }
        long left = remaining(call);
        long oldInterval = call.process().alarmInterval();
        if (call.argument(1) != 0) {
            long interval = Durations.readMicroseconds(call.memory(), call.argument(1));
            long value = Durations.readMicroseconds(call.memory(), call.argument(1) + TIMEVAL_BYTES);
            if (interval == Durations.INVALID || value == Durations.INVALID) {
                return -EINVAL;
            }
            arm(call, value, interval);
        }
        if (call.argument(2) != 0) {
            write(call, call.argument(2), left, oldInterval);
        }
        return 0;
    }

    private static long get(Call call) {
        int which = call.intArgument(0);
        if (which < 0 || which >= TIMERS) {
            return -EINVAL;
        }
        boolean isReal = which == ITIMER_REAL;
        write(
                call,
                call.argument(1),
                isReal ? remaining(call) : 0,
                isReal ? call.process().alarmInterval() : 0);
        return 0;
    }

    private static void write(Call call, long virtAddr, long left, long interval) {
        Durations.writeMicroseconds(call.memory(), virtAddr, interval);
        Durations.writeMicroseconds(call.memory(), virtAddr + TIMEVAL_BYTES, left);
    }

    /// Returns how long the timer has to run, 0 when it does not run.
    private static long remaining(Call call) {
        Timeouts.@Nullable Target target = call.process().alarm();
        long deadline =
                target == null ? Long.MAX_VALUE : call.services().timeouts().deadlineOf(target);
        return deadline == Long.MAX_VALUE ? 0 : Math.max(1, deadline - call.now());
    }

    private static void arm(Call call, long value, long interval) {
        GuestProcess process = call.process();
        Timeouts timeouts = call.services().timeouts();
        Timeouts.@Nullable Target old = process.alarm();
        if (old != null) {
            timeouts.cancel(old);
        }
        if (value == 0) {
            process.setAlarm(null, 0);
            return;
        }
        Alarm alarm = new Alarm(call.services(), process);
        process.setAlarm(alarm, interval);
        timeouts.set(alarm, call.now() + value);
    }
}
