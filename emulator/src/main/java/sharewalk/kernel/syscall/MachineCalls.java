package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.PrctlOptions.ARCH_GET_FS;
import static sharewalk.abi.PrctlOptions.ARCH_SET_FS;
import static sharewalk.abi.PrctlOptions.PR_GET_DUMPABLE;
import static sharewalk.abi.PrctlOptions.PR_GET_NAME;
import static sharewalk.abi.PrctlOptions.PR_GET_THP_DISABLE;
import static sharewalk.abi.PrctlOptions.PR_SET_DUMPABLE;
import static sharewalk.abi.PrctlOptions.PR_SET_NAME;
import static sharewalk.abi.PrctlOptions.PR_SET_PDEATHSIG;
import static sharewalk.abi.PrctlOptions.PR_SET_THP_DISABLE;
import static sharewalk.abi.PrctlOptions.PR_SET_VMA;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.MachineInProc;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.paging.PagingMode;

/// What the machine is, and what a process may set of itself: uname(2), sysinfo(2), getrandom(2), prctl(2).
final class MachineCalls {
    private static final int NAME_BYTES = 65;
    private static final int SYSINFO_BYTES = 112;
    private static final int SYSINFO_PROCESSES = 80;
    private static final int SYSINFO_UNIT = 104;
    private static final int THREAD_NAME_BYTES = 16;
    private static final int RANDOM_FLAGS = 7;
    private static final int RANDOM_CHUNK = 1 << 16;

    private MachineCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.UNAME, MachineCalls::names);
        table.ignored(SystemCall.SETHOSTNAME, "the name stays");
        table.full(SystemCall.SYSINFO, MachineCalls::information);
        table.full(SystemCall.GETRANDOM, MachineCalls::random);
        table.partial(
                SystemCall.PRCTL,
                "names, dumpable, THP_DISABLE, VMA names; PR_SET_COW_PTE under fork-cow:hint",
                MachineCalls::control);
        table.partial(SystemCall.ARCH_PRCTL, "FS only", MachineCalls::architectureControl);
        table.absent(SystemCall.RISCV_HWPROBE, "rv64gc is told by AT_HWCAP");
    }

    private static long names(Call call) {
        String[] names = {
            "Linux",
            call.services().settings().hostName(),
            MachineInProc.RELEASE,
            "#1 SMP",
            call.services().isa().name(),
            "(none)"
        };
        byte[] bytes = new byte[NAME_BYTES * names.length];
        for (int i = 0; i < names.length; i++) {
            byte[] text = names[i].getBytes(StandardCharsets.UTF_8);
            System.arraycopy(text, 0, bytes, i * NAME_BYTES, Math.min(text.length, NAME_BYTES - 1));
        }
        call.memory().write(call.argument(0), bytes);
        return 0;
    }

    private static long information(Call call) {
        FrameAllocator frames = call.services().memory().frames();
        long free = frames.freeFrames() * PagingMode.PAGE_BYTES;
        long total = free + frames.usedFrames() * PagingMode.PAGE_BYTES;
        ByteBuffer into = ByteBuffer.allocate(SYSINFO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        into.putLong(0, call.now() / Durations.SECOND);
        into.putLong(32, total).putLong(40, free);
        into.putShort(
                SYSINFO_PROCESSES, (short) call.services().processes().tasks().size());
        into.putInt(SYSINFO_UNIT, 1);
        call.memory().write(call.argument(0), into.array());
        return 0;
    }

    private static long random(Call call) {
        long size = Math.min(call.argument(1), UserSegments.TRANSFER_LIMIT);
        if ((call.intArgument(2) & ~RANDOM_FLAGS) != 0 || size < 0) {
            return -EINVAL;
        }
        long done = 0;
        while (done < size) {
            byte[] bytes = new byte[(int) Math.min(RANDOM_CHUNK, size - done)];
            call.services().random().fill(ByteBuffer.wrap(bytes));
            int written = call.memory().writeSome(call.argument(0) + done, bytes, 0, bytes.length);
            done += written;
            if (written < bytes.length) {
                return done > 0 ? done : -EFAULT;
            }
        }
        return done;
    }

    private static long control(Call call) {
        return switch (call.intArgument(0)) {
            case PR_SET_NAME -> {
                // A name that is too long is cut; the terminating zero may lie beyond the cut.
                String name = call.memory().readPrefix(call.argument(1), THREAD_NAME_BYTES - 1);
                call.task().setName(name);
                yield 0;
            }
            case PR_GET_NAME -> {
                byte[] name = new byte[THREAD_NAME_BYTES];
                byte[] text = call.task().name().getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(text, 0, name, 0, Math.min(text.length, THREAD_NAME_BYTES - 1));
                call.memory().write(call.argument(1), name);
                yield 0;
            }
            case PR_SET_PDEATHSIG, PR_SET_THP_DISABLE, PR_SET_DUMPABLE, PR_SET_VMA -> 0;
            case PR_GET_DUMPABLE -> 1;
            case PR_GET_THP_DISABLE -> 0;
            default ->
                call.services().memory().tableSharing().control(call.memory().space(), call.intArgument(0));
        };
    }

    private static long architectureControl(Call call) {
        return switch (call.intArgument(0)) {
            case ARCH_SET_FS -> {
                call.cpu().setThreadPointer(call.argument(1));
                yield 0;
            }
            case ARCH_GET_FS -> {
                call.memory().writeLong(call.argument(1), call.cpu().threadPointer());
                yield 0;
            }
            default -> -EINVAL;
        };
    }
}
