package sharewalk.kernel.share.mshare2022;

import java.util.List;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.fs.view.ViewDirectory;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.InstallableDesign;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.mmu.paging.PagingMode;

/// The design `mshare-2022` as posted in version 1.
public final class Mshare2022Design implements InstallableDesign {
    /// Where the files of regions are.
    static final String MOUNT_POINT = "/sys/fs/mshare";

    @Override
    public String name() {
        return "mshare-2022";
    }

    @Override
    public String source() {
        return "[PATCH v1 00/14] Add support for shared PTEs across processes, Khalid Aziz, 11 Apr 2022";
    }

    @Override
    public Kind kind() {
        return Kind.POSTING;
    }

    @Override
    public String optIn() {
        return "map a range, give it to a region with mshare(); others call mshare() with its name";
    }

    @Override
    public List<String> rules() {
        return List.of(
                "A region is a range of whole root slots (512 GiB on x86-64), at the same addresses in every process.",
                "Its creator gives what it has mapped there, populated tables included, private mappings too: a write to"
                        + " one is seen by all sharers.",
                "mmap, mprotect, munmap, mremap and madvise in the range act for every sharer.",
                "The rights with which a process attached are looked at when it faults, and only then.",
                "A change flushes every hart whole: ours, the patches flush none.",
                "fork gives the child the range and no tables.",
                "mshare_unlink takes one from the region's count, and the range from its caller; the last one takes it"
                        + " from everybody. Exit leaves the count.");
    }

    @Override
    public boolean supports(PagingMode mode) {
        return true;
    }

    @Override
    public String remark(PagingMode mode) {
        return KernelRules.of(mode) == KernelRules.X86_64 ? "" : "our port: the patches are for x86-64";
    }

    @Override
    public InstalledDesign install(MemoryContext memory, CallingTask caller) {
        long granularity = MshareCalls.granularity(memory.paging());
        MshareCalls calls = new MshareCalls(caller, granularity);
        tellGranularity(caller.vfs(), granularity);
        return new InstalledDesign() {
            @Override
            public List<Mountable> fileSystems() {
                return List.of(new Mountable(InfoFileSystem.type(calls), MOUNT_POINT));
            }

            @Override
            public List<DesignCall> systemCalls() {
                return calls.all();
            }
        };
    }

    /// `/proc/sys/vm/mshare_size` (patch 12), where there is a /proc.
    private static void tellGranularity(Vfs vfs, long granularity) {
        if (vfs.mounts().mounts().isEmpty()) {
            return;
        }
        Outcome<Location> settings = vfs.find("/proc/sys/vm");
        if (!settings.isError() && settings.value().inode() instanceof ViewDirectory directory) {
            directory.addText("mshare_size", () -> granularity + "\n");
        }
    }
}
