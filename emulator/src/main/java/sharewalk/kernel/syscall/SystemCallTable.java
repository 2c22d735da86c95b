package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.ENOSYS;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.process.BadAddressException;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.wait.WaitQueue;

/// Every system call there is, with how much of it there is, and the calls that guests made in vain.
public final class SystemCallTable {
    private final Map<SystemCall, Entry> entries = new EnumMap<>(SystemCall.class);
    private final SortedMap<Integer, Long> unknown = new TreeMap<>();
    private final GuestIsa isa;

    /// One row of the table.
    public record Entry(SystemCall call, Support support, String note, Handler handler) {}

    private SystemCallTable(GuestIsa isa) {
        this.isa = isa;
    }

    /// Returns the table of an instruction set with every family in it.
    public static SystemCallTable of(GuestIsa isa) {
        SystemCallTable table = new SystemCallTable(isa);
        MemoryCalls.register(table);
        ReadWriteCalls.register(table);
        DescriptorCalls.register(table);
        OpenCalls.register(table);
        NameCalls.register(table);
        StatusCalls.register(table);
        AttributeCalls.register(table);
        MountCalls.register(table);
        PollCalls.register(table);
        ProcessCalls.register(table);
        WaitCalls.register(table);
        IdentityCalls.register(table);
        SignalCalls.register(table);
        SignalWaitCalls.register(table);
        FutexCalls.register(table);
        TimeCalls.register(table);
        TimerCalls.register(table);
        LimitCalls.register(table);
        SchedulingCalls.register(table);
        MachineCalls.register(table);
        AbsentCalls.register(table);
        DesignCalls.register(table);
        NotifyCalls.register(table);
        return table;
    }

    /// Returns the rows that the instruction set has, in the order of the calls.
    public List<Entry> entries() {
        List<Entry> own = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (numberOf(entry.call()) >= 0) {
                own.add(entry);
            }
        }
        return own;
    }

    /// Returns how often guests used numbers that no row answers, or one that answers ENOSYS, by number.
    public SortedMap<Integer, Long> unknown() {
        return new TreeMap<>(unknown);
    }

    /// Returns the name of a number for traces and reports.
    public String nameOf(int number) {
        @Nullable SystemCall call = callOf(number);
        return call == null ? "syscall_" + number : call.title();
    }

    /// Tries a call.
    public SyscallResult dispatch(Call call) {
        int number = call.pending().number();
        @Nullable SystemCall named = callOf(number);
        @Nullable Entry entry = named == null ? null : entries.get(named);
        if (entry == null || isMissing(entry.support())) {
            unknown.merge(number, 1L, Long::sum);
            return SyscallResult.done(-ENOSYS);
        }
        SyscallResult result;
        try {
            result = entry.handler().handle(call);
        } catch (BadAddressException e) {
            result = SyscallResult.done(-EFAULT);
        }
        return result instanceof SyscallResult.Done(long value) && value == -EFAULT ? retried(call, result) : result;
    }

    /// Has a call that could not reach its caller's memory wait where that needs somebody else's help first.
    private static SyscallResult retried(Call call, SyscallResult failure) {
        @Nullable WaitQueue queue = call.memory().space().user().takeAwaited();
        return queue == null
                ? failure
                : new SyscallResult.Wait(List.of(queue), PendingCall.NO_DEADLINE, PendingCall.Interruption.RESTART);
    }

    /// Adds a call that is complete and never waits.
    void full(SystemCall call, Handler.Simple handler) {
        add(new Entry(call, Support.FULL, "", simple(handler)));
    }

    /// Adds a call that is partly there and never waits.
    void partial(SystemCall call, String note, Handler.Simple handler) {
        add(new Entry(call, Support.PARTIAL, note, simple(handler)));
    }

    /// Adds a call that is complete and may wait.
    void fullWaiting(SystemCall call, Handler handler) {
        add(new Entry(call, Support.FULL, "", handler));
    }

    /// Adds a call that is partly there and may wait.
    void partialWaiting(SystemCall call, String note, Handler handler) {
        add(new Entry(call, Support.PARTIAL, note, handler));
    }

    /// Adds a call that succeeds and does nothing.
    void ignored(SystemCall call, String note) {
        add(new Entry(call, Support.IGNORED, note, _ -> SyscallResult.done(0)));
    }

    /// Adds a call that fails with ENOSYS.
    void absent(SystemCall call, String note) {
        add(new Entry(call, Support.ENOSYS, note, _ -> SyscallResult.done(-ENOSYS)));
    }

    /// Adds a call that a sharing design may bring; until it does, it fails with ENOSYS.
    void byDesign(SystemCall call, String note) {
        add(new Entry(call, Support.DESIGN, note, _ -> SyscallResult.done(-ENOSYS)));
    }

    /// Has a call of a sharing design answered from now on: `body` gets the arguments and returns the result.
    ///
    /// Preconditions:
    /// - the call is one of those that designs bring, and nobody has brought it
    public void bring(SystemCall call, ToLongFunction<long[]> body) {
        @Nullable Entry row = entries.get(call);
        if (row == null || row.support() != Support.DESIGN) {
            throw new IllegalArgumentException(call.title() + " is not for designs to bring");
        }
        bringHandler(call, attempt -> body.applyAsLong(attempt.pending().arguments()));
    }

    /// Has calls answered that tell of writes (`--notify write`).
    public void notifyWrites() {
        NotifyCalls.enable(this);
    }

    void bringHandler(SystemCall call, Handler.Simple handler) {
        @Nullable Entry row = entries.get(call);
        String note = row == null ? "" : row.note();
        entries.put(call, new Entry(call, Support.FULL, note, simple(handler)));
    }

    private static boolean isMissing(Support support) {
        return switch (support) {
            case ENOSYS, DESIGN -> true;
            case FULL, PARTIAL, IGNORED -> false;
        };
    }

    private void add(Entry entry) {
        if (entries.put(entry.call(), entry) != null) {
            throw new IllegalStateException("two rows for " + entry.call().title());
        }
    }

    private static Handler simple(Handler.Simple handler) {
        return call -> SyscallResult.done(handler.handle(call));
    }

    private @Nullable SystemCall callOf(int number) {
        return switch (isa) {
            case RiscV64 _ -> SystemCall.ofRiscv(number);
            case X86_64 _ -> SystemCall.ofX86(number);
        };
    }

    private int numberOf(SystemCall call) {
        return switch (isa) {
            case RiscV64 _ -> call.riscvNumber();
            case X86_64 _ -> call.x86Number();
        };
    }
}
