package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MountFlags.MNT_DETACH;
import static sharewalk.abi.MountFlags.MNT_FORCE;
import static sharewalk.abi.MountFlags.MS_BIND;
import static sharewalk.abi.MountFlags.MS_NOEXEC;
import static sharewalk.abi.MountFlags.MS_RDONLY;
import static sharewalk.abi.MountFlags.MS_REMOUNT;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Mount;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.MountOrder;
import sharewalk.kernel.fs.Outcome;

/// mount(2) and umount2(2).
final class MountCalls {
    private static final int TEXT_LIMIT = 4096;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int MNT_EXPIRE = 4;

    private MountCalls() {}

    static void register(SystemCallTable table) {
        table.partial(SystemCall.MOUNT, "new mounts only, no bind, move or remount", MountCalls::mount);
        table.partial(SystemCall.UMOUNT2, "no MNT_EXPIRE", MountCalls::unmount);
    }

    private static long mount(Call call) {
        long flags = call.argument(3);
        Outcome<Location> at = StatusCalls.place(call, call.path(1), 0);
        if (at.isError()) {
            return at.error();
        }
        if ((flags & (MS_BIND | MS_REMOUNT)) != 0) {
            return -EINVAL;
        }
        @Nullable String type = text(call, 2);
        if (type == null) {
            return -EINVAL;
        }
        String source = Objects.requireNonNullElse(text(call, 0), "none");
        String options = Objects.requireNonNullElse(text(call, 4), "");
        MountOrder order =
                new MountOrder(new MountOptions((flags & MS_RDONLY) != 0, (flags & MS_NOEXEC) != 0), options);
        Outcome<Mount> mounted =
                call.services().files().vfs().mounts().mount(call.fs(), type, source, at.value(), order);
        return mounted.isError() ? mounted.error() : 0;
    }

    private static @Nullable String text(Call call, int position) {
        long virtAddr = call.argument(position);
        return virtAddr == 0 ? null : call.memory().readString(virtAddr, TEXT_LIMIT);
    }

    private static long unmount(Call call) {
        int flags = call.intArgument(1);
        if ((flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)) != 0 || (flags & MNT_EXPIRE) != 0) {
            return -EINVAL;
        }
        Outcome<Location> root = StatusCalls.place(call, call.path(0), 0);
        return root.isError()
                ? root.error()
                : call.services().files().vfs().mounts().unmount(call.fs(), root.value());
    }
}
