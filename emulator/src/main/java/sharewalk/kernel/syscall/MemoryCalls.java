package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.mm.RemapRequest;

/// The memory-management system calls.
final class MemoryCalls {
    private static final long PAGE = 4096;
    private static final int MCL_CURRENT = 1;
    private static final int MCL_ALL = 7;

    private MemoryCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.MMAP, MemoryCalls::map);
        table.full(SystemCall.MUNMAP, call -> space(call).unmap(call.argument(0), call.argument(1)));
        table.full(
                SystemCall.MPROTECT,
                call -> space(call).protect(call.argument(0), call.argument(1), call.intArgument(2)));
        table.full(SystemCall.MREMAP, MemoryCalls::remap);
        table.full(SystemCall.BRK, call -> space(call).brk(call.argument(0)));
        table.full(
                SystemCall.MADVISE,
                call -> space(call).advise(call.argument(0), call.argument(1), call.intArgument(2)));
        table.full(SystemCall.RECLAIM, call -> space(call).residency().reclaim(call.argument(0), call.argument(1)));
        table.full(SystemCall.MSYNC, call -> space(call).sync(call.argument(0), call.argument(1), call.intArgument(2)));
        table.full(SystemCall.MLOCK, call -> space(call).lock(call.argument(0), call.argument(1)));
        table.partial(SystemCall.MLOCK2, "MLOCK_ONFAULT is taken for mlock", MemoryCalls::lock2);
        table.full(SystemCall.MUNLOCK, call -> space(call).unlock(call.argument(0), call.argument(1)));
        table.partial(SystemCall.MLOCKALL, "later mappings are not locked", MemoryCalls::lockAll);
        table.full(SystemCall.MUNLOCKALL, call -> space(call).lockAll(false));
        table.full(SystemCall.MINCORE, MemoryCalls::residency);
        table.ignored(SystemCall.MEMBARRIER, "one hart runs at a time: every access is ordered");
        table.ignored(SystemCall.RISCV_FLUSH_ICACHE, "written code is seen at once");
        table.absent(SystemCall.REMAP_FILE_PAGES, "deprecated");
        table.partial(
                SystemCall.USERFAULTFD,
                "missing, write-protected and minor faults of private memory and files in memory with 4 KiB pages; no"
                        + " events but faults, no UFFDIO_MOVE or UFFDIO_POISON",
                MemoryCalls::userFaults);
        table.absent(SystemCall.PROCESS_MADVISE, "");
        table.ignored(SystemCall.MBIND, "one memory node");
        table.ignored(SystemCall.SET_MEMPOLICY, "one memory node");
        table.absent(SystemCall.GET_MEMPOLICY, "");
    }

    private static long userFaults(Call call) {
        int flags = call.intArgument(0);
        return DescriptorCalls.install(
                call, call.services().files().events().openUserFaults(flags, space(call)), (flags & O_CLOEXEC) != 0);
    }

    private static AddressSpace space(Call call) {
        return call.memory().space();
    }

    private static long map(Call call) {
        int flags = call.intArgument(3);
        long offset = call.argument(5);
        if ((offset & PAGE - 1) != 0) {
            return -EINVAL;
        }
        long virtAddr = call.argument(0);
        long size = call.argument(1);
        int prot = call.intArgument(2);
        if ((flags & MAP_ANONYMOUS) != 0) {
            return space(call).map(MapRequest.anonymous(virtAddr, size, prot, flags));
        }
        Outcome<FileToMap> file = fileToMap(call);
        return file.isError()
                ? file.error()
                : space(call).map(new MapRequest(virtAddr, size, prot, flags, file.value(), offset));
    }

    private static Outcome<FileToMap> fileToMap(Call call) {
        @Nullable OpenFile file = call.file(4);
        if (file == null || file.isPathOnly()) {
            return Outcome.error(-EBADF);
        }
        Outcome<MapSource> source = file.mapSource();
        @Nullable MapSource pages = source.isError() ? null : source.value();
        if (source.isError() && source.error() != -ENODEV) {
            return source.failed();
        }
        boolean mayExecute = !file.location().mount().options().noExec();
        return Outcome.of(new FileToMap(file.canRead(), file.canWrite(), mayExecute, pages));
    }

    private static long remap(Call call) {
        return space(call)
                .remap(new RemapRequest(
                        call.argument(0), call.argument(1), call.argument(2), call.intArgument(3), call.argument(4)));
    }

    private static long lock2(Call call) {
        return (call.intArgument(2) & ~1) != 0 ? -EINVAL : space(call).lock(call.argument(0), call.argument(1));
    }

    private static long lockAll(Call call) {
        int flags = call.intArgument(0);
        if (flags == 0 || (flags & ~MCL_ALL) != 0) {
            return -EINVAL;
        }
        return (flags & MCL_CURRENT) != 0 ? space(call).lockAll(true) : 0;
    }

    private static long residency(Call call) {
        long start = call.argument(0);
        long end = start + (call.argument(1) + PAGE - 1 & -PAGE);
        if ((start & PAGE - 1) != 0) {
            return -EINVAL;
        }
        if (start < 0 || end < start || !space(call).vmas().covers(start, end)) {
            return -ENOMEM;
        }
        byte[] answer = new byte[(int) ((end - start) / PAGE)];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = (byte) (space(call).residency().isResident(start + i * PAGE) ? 1 : 0);
        }
        call.memory().write(call.argument(2), answer);
        return 0;
    }
}
