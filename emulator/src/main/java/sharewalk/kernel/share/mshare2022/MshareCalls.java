package sharewalk.kernel.share.mshare2022;

import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_EXCL;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.region.Region;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.OutOfFramesException;

/// The two system calls, and the regions by name.
final class MshareCalls {
    private static final int NAME_LIMIT = 255;

    private final CallingTask caller;
    private final long granularity;
    private final Map<String, NamedRegion> regions = new TreeMap<>();

    /// Creates the calls of a machine whose regions are multiples of `granularity` bytes.
    MshareCalls(CallingTask caller, long granularity) {
        this.caller = caller;
        this.granularity = granularity;
    }

    List<DesignCall> all() {
        return List.of(
                new DesignCall(SystemCall.MSHARE, this::share), new DesignCall(SystemCall.MSHARE_UNLINK, this::unlink));
    }

    /// Returns the region of a name, or null.
    @Nullable
    NamedRegion named(String name) {
        return regions.get(name);
    }

    /// Returns the names there are, in order.
    List<String> names() {
        return List.copyOf(regions.keySet());
    }

    /// mshare(name, addr, length, oflags, mode)
    private long share(long[] args) {
        long start = args[1];
        long sizeBytes = args[2];
        int flags = (int) args[3];
        if (((start | sizeBytes) & (granularity - 1)) != 0 || start < 0 || sizeBytes < 0) {
            return -EINVAL;
        }
        Outcome<String> name = name(args[0]);
        if (name.isError()) {
            return name.error();
        }
        NamedRegion present = regions.get(name.value());
        if (present != null && (flags & (O_CREAT | O_EXCL)) != 0) {
            return -EEXIST;
        }
        NamedRegion.Request request =
                new NamedRegion.Request(name.value(), start, sizeBytes, flags & O_ACCMODE, (int) args[4]);
        return present == null ? create(request) : attach(present, request);
    }

    private long attach(NamedRegion region, NamedRegion.Request request) {
        AddressSpace space = caller.space();
        boolean isFree = space.vmas()
                .overlapping(request.start(), request.start() + request.sizeBytes())
                .isEmpty();
        if (!isFree || request.start() != region.start() || request.sizeBytes() != region.sizeBytes()) {
            return -EINVAL;
        }
        return region.permits(request.access()) ? region.attach(space, request.access()) : -EPERM;
    }

    /// The patch does not ask for O_CREAT: a name that is not there is made.
    private long create(NamedRegion.Request request) {
        AddressSpace space = caller.space();
        long end = request.start() + request.sizeBytes();
        if (end > space.end()) {
            return -EINVAL;
        }
        List<Vma> areas = space.vmas().overlapping(request.start(), end);
        boolean isWhole = !areas.isEmpty()
                && areas.getFirst().start() >= request.start()
                && areas.getLast().end() <= end;
        if (!isWhole || areas.stream().anyMatch(area -> area.mapping() instanceof Mapping.Shown)) {
            return -EINVAL;
        }
        try {
            regions.put(request.name(), NamedRegion.of(space, request));
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
        return 0;
    }

    /// mshare_unlink(name)
    private long unlink(long[] args) {
        Outcome<String> name = name(args[0]);
        if (name.isError()) {
            return name.error();
        }
        NamedRegion region = regions.get(name.value());
        if (region == null) {
            return -EINVAL;
        }
        if (region.unlink(caller.space())) {
            regions.remove(name.value());
        }
        return 0;
    }

    private Outcome<String> name(long virtAddr) {
        byte[] bytes = new byte[NAME_LIMIT + 1];
        byte[] next = new byte[1];
        for (int i = 0; i < bytes.length; i++) {
            long error = caller.memory().copyIn(virtAddr + i, next);
            if (error != 0) {
                return Outcome.error(error);
            }
            if (next[0] == 0) {
                return i == 0
                        ? Outcome.error(-ENOENT)
                        : Outcome.of(new String(bytes, 0, i, StandardCharsets.ISO_8859_1));
            }
            bytes[i] = next[0];
        }
        return Outcome.error(-ENAMETOOLONG);
    }

    /// Returns the alignment and granularity of regions of a machine.
    static long granularity(PagingMode mode) {
        return Region.slotBytes(mode, Region.largestSharedLevel(mode));
    }
}
