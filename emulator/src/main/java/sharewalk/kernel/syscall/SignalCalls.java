package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Signals.MINSIGSTKSZ;
import static sharewalk.abi.Signals.SIG_BLOCK;
import static sharewalk.abi.Signals.SIG_SETMASK;
import static sharewalk.abi.Signals.SIG_UNBLOCK;
import static sharewalk.abi.Signals.SS_DISABLE;
import static sharewalk.abi.Signals.SS_ONSTACK;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.abi.SigactionLayout;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.process.AlternateStack;
import sharewalk.kernel.process.BadAddressException;
import sharewalk.kernel.process.SignalAction;
import sharewalk.kernel.process.SignalSet;
import sharewalk.kernel.process.TaskMemory;
import sharewalk.kernel.process.TaskSignals;

/// What a process does on signals: sigaction(2), sigprocmask(2), sigpending(2), sigaltstack(2), sigreturn(2).
final class SignalCalls {
    private static final int STACK_BYTES = 24;

    private SignalCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.RT_SIGACTION, SignalCalls::action);
        table.full(SystemCall.RT_SIGPROCMASK, SignalCalls::changeMask);
        table.full(SystemCall.RT_SIGPENDING, SignalCalls::pending);
        table.full(SystemCall.SIGALTSTACK, SignalCalls::alternateStack);
        table.fullWaiting(SystemCall.RT_SIGRETURN, SignalCalls::returnFromHandler);
    }

    /// Blocks other signals for the length of a call; a null pointer changes nothing.
    static void setTemporaryMask(Call call, long virtAddr, long sizeBytes) {
        if (virtAddr == 0 || call.pending().hasWaited()) {
            return;
        }
        if (sizeBytes != SigactionLayout.SIGSET_BYTES) {
            throw new BadAddressException(virtAddr);
        }
        call.task().signals().setTemporaryMask(call.memory().readLong(virtAddr));
    }

    private static long action(Call call) {
        int signal = call.intArgument(0);
        long fresh = call.argument(1);
        boolean changesUnchangeable =
                SignalSet.isSignal(signal) && fresh != 0 && SignalSet.contains(SignalSet.UNBLOCKABLE, signal);
        if (!SignalSet.isSignal(signal) || changesUnchangeable || call.argument(3) != SigactionLayout.SIGSET_BYTES) {
            return -EINVAL;
        }
        SigactionLayout layout = switch (call.services().isa()) {
            case RiscV64 _ -> SigactionLayout.RISCV;
            case X86_64 _ -> SigactionLayout.X86;
        };
        SignalAction old = call.process().actions().get(signal);
        if (fresh != 0) {
            call.process().setAction(signal, read(call.memory(), fresh, layout));
        }
        if (call.argument(2) != 0) {
            call.memory().write(call.argument(2), encode(old, layout));
        }
        return 0;
    }

    private static SignalAction read(TaskMemory memory, long virtAddr, SigactionLayout layout) {
        ByteBuffer bytes =
                ByteBuffer.wrap(memory.read(virtAddr, layout.sizeBytes())).order(ByteOrder.LITTLE_ENDIAN);
        return new SignalAction(
                bytes.getLong(layout.handler()),
                bytes.getLong(layout.flags()),
                layout.restorer() < 0 ? 0 : bytes.getLong(layout.restorer()),
                bytes.getLong(layout.mask()) & ~SignalSet.UNBLOCKABLE);
    }

    private static byte[] encode(SignalAction action, SigactionLayout layout) {
        ByteBuffer bytes = ByteBuffer.allocate(layout.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(layout.handler(), action.handler()).putLong(layout.flags(), action.flags());
        if (layout.restorer() >= 0) {
            bytes.putLong(layout.restorer(), action.restorer());
        }
        return bytes.putLong(layout.mask(), action.mask()).array();
    }

    private static long changeMask(Call call) {
        if (call.argument(3) != SigactionLayout.SIGSET_BYTES) {
            return -EINVAL;
        }
        TaskSignals signals = call.task().signals();
        long old = signals.mask();
        if (call.argument(1) != 0) {
            long set = call.memory().readLong(call.argument(1));
            switch (call.intArgument(0)) {
                case SIG_BLOCK -> signals.setMask(old | set);
                case SIG_UNBLOCK -> signals.setMask(old & ~set);
                case SIG_SETMASK -> signals.setMask(set);
                default -> {
                    return -EINVAL;
                }
            }
        }
        if (call.argument(2) != 0) {
            call.memory().writeLong(call.argument(2), old);
        }
        return 0;
    }

    private static long pending(Call call) {
        if (call.argument(1) != SigactionLayout.SIGSET_BYTES) {
            return -EINVAL;
        }
        long waiting = call.task().signals().pending().set()
                | call.process().sharedPending().set();
        call.memory()
                .writeLong(call.argument(0), waiting & call.task().signals().mask());
        return 0;
    }

    private static long alternateStack(Call call) {
        TaskSignals signals = call.task().signals();
        AlternateStack old = signals.stack();
        long stackPointer = call.cpu().general(call.cpu().isa().stackPointerRegister());
        if (call.argument(0) != 0) {
            ByteBuffer wanted = ByteBuffer.wrap(call.memory().read(call.argument(0), STACK_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int flags = wanted.getInt(8);
            if (old.holds(stackPointer)) {
                return -EPERM;
            }
            if (flags != 0 && flags != SS_ONSTACK && flags != SS_DISABLE) {
                return -EINVAL;
            }
            long size = wanted.getLong(16);
            if (flags != SS_DISABLE && Long.compareUnsigned(size, MINSIGSTKSZ) < 0) {
                return -ENOMEM;
            }
            signals.setStack(
                    flags == SS_DISABLE ? AlternateStack.NONE : new AlternateStack(wanted.getLong(0), size, true));
        }
        if (call.argument(1) != 0) {
            ByteBuffer told = ByteBuffer.allocate(STACK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            told.putLong(0, old.base()).putInt(8, old.flags(stackPointer)).putLong(16, old.sizeBytes());
            call.memory().write(call.argument(1), told.array());
        }
        return 0;
    }

    private static SyscallResult returnFromHandler(Call call) {
        call.services().delivery().returnFromHandler(call.task(), call.cpu());
        return SyscallResult.NO_RETURN;
    }
}
