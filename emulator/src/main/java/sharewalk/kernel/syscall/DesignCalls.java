package sharewalk.kernel.syscall;

import java.util.List;
import sharewalk.abi.SystemCall;

/// The system calls that exist under one sharing design only, which brings what they do.
final class DesignCalls {
    private static final List<SystemCall> MSHARE_2022 = List.of(SystemCall.MSHARE, SystemCall.MSHARE_UNLINK);

    private static final List<SystemCall> MSHARE_2026 = List.of(
            SystemCall.MSHARE_CREATE,
            SystemCall.MSHARE_ATTACH,
            SystemCall.MSHARE_DETACH,
            SystemCall.MSHARE_MAP,
            SystemCall.MSHARE_UNMAP,
            SystemCall.MSHARE_PROTECT,
            SystemCall.MSHARE_ADVISE);

    private DesignCalls() {}

    static void register(SystemCallTable table) {
        MSHARE_2022.forEach(call -> table.byDesign(call, "`mshare-2022`; riscv64: our port"));
        MSHARE_2026.forEach(call -> table.byDesign(call, "`mshare-2026`"));
        table.byDesign(SystemCall.CONTAINER_CREATE, "`container`");
        table.byDesign(SystemCall.SHARE_TABLES, "`attach`");
    }
}
