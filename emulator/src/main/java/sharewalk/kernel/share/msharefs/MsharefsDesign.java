package sharewalk.kernel.share.msharefs;

import java.util.List;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.FileSystemDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.kernel.share.InstalledDesign.Mountable;
import sharewalk.mmu.paging.PagingMode;

/// The design `msharefs` as posted in version 3.
public final class MsharefsDesign implements FileSystemDesign {
    /// Where the patches make a directory to mount upon.
    static final String MOUNT_POINT = "/sys/fs/mshare";

    @Override
    public String name() {
        return "msharefs";
    }

    @Override
    public String source() {
        return "[PATCH v3 00/22] Add support for shared PTEs across processes, Anthony Yznaga, 19 Aug 2025";
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public String remark(PagingMode mode) {
        return KernelRules.of(mode) == KernelRules.X86_64 ? "" : "our port: the patches support x86-64 only";
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        RegionOwners owners = new RegionOwners(caller);
        Mountable mountable = new Mountable(new MshareFileSystemType(memory, owners), MOUNT_POINT);
        return new InstalledDesign() {
            @Override
            public List<Mountable> fileSystems() {
                return List.of(mountable);
            }

            @Override
            public void taskExited(long taskId) {
                owners.exited(taskId);
            }
        };
    }
}
