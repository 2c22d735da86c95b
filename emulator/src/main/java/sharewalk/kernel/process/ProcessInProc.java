package sharewalk.kernel.process;

import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.proc.ProcessView;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaTraits;
import sharewalk.mmu.paging.PagingMode;

/// One living process as /proc shows it.
record ProcessInProc(GuestProcess process) implements ProcessView {
    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public int parentPid() {
        return process.parentPid();
    }

    @Override
    public String name() {
        return process.tasks().iterator().next().name();
    }

    @Override
    public char state() {
        return switch (process.tasks().iterator().next().state()) {
            case READY, RUNNING -> 'R';
            case BLOCKED -> 'S';
            case STOPPED -> 'T';
            case DEAD -> 'X';
        };
    }

    @Override
    public int threads() {
        return process.tasks().size();
    }

    @Override
    public String commandLine() {
        StringBuilder line = new StringBuilder();
        process.program().arguments().forEach(argument -> line.append(argument).append('\0'));
        return line.toString();
    }

    @Override
    public OpenFile executable() {
        return process.executable();
    }

    @Override
    public FileTable files() {
        return process.files();
    }

    @Override
    public FsContext fsContext() {
        return process.fs();
    }

    @Override
    public List<MappedRange> mappings() {
        List<MappedRange> ranges = new ArrayList<>();
        process.memory().space().vmas().all().forEach(area -> ranges.add(describe(area)));
        return ranges;
    }

    private static MappedRange describe(Vma area) {
        String rights = ((area.prot() & PROT_READ) != 0 ? "r" : "-")
                + ((area.prot() & PROT_WRITE) != 0 ? "w" : "-")
                + ((area.prot() & PROT_EXEC) != 0 ? "x" : "-")
                + (area.has(VmaTraits.SHARED) ? "s" : "p");
        @Nullable PageSource source = area.mapping().source();
        long offset = area.mapping() instanceof Mapping.Anonymous ? 0 : area.pageOffset() * PagingMode.PAGE_BYTES;
        @Nullable Inode inode = source instanceof Inode file ? file : null;
        return new MappedRange(
                area.start(),
                area.end(),
                rights,
                offset,
                inode == null ? 0 : inode.fileSystem().deviceId(),
                inode == null ? 0 : inode.number(),
                area.label());
    }

    @Override
    public MemoryUse memory() {
        return use(process.memory().space());
    }

    private static MemoryUse use(AddressSpace space) {
        long size = 0;
        long data = 0;
        long stack = 0;
        long code = 0;
        long[] resident = new long[3];
        for (Vma area : space.vmas().all()) {
            size += area.sizeBytes();
            boolean isStack = area.has(VmaTraits.GROWS_DOWN);
            stack += isStack ? area.sizeBytes() : 0;
            boolean isPrivate = !area.has(VmaTraits.SHARED);
            data += isPrivate && !isStack && (area.prot() & PROT_WRITE) != 0 ? area.sizeBytes() : 0;
            code += (area.prot() & PROT_EXEC) != 0 ? area.sizeBytes() : 0;
            int kind = area.mapping() instanceof Mapping.Anonymous ? 0 : isPrivate ? 1 : 2;
            resident[kind] += residentBytes(space, area);
        }
        long all = resident[0] + resident[1] + resident[2];
        long tables = space.gauges().total().current();
        return new MemoryUse(size, size, all, resident[0], resident[1], resident[2], data, stack, code, tables);
    }

    private static long residentBytes(AddressSpace space, Vma area) {
        long[] bytes = new long[1];
        space.table()
                .hardwareCursor()
                .forEachLeaf(
                        area.start(),
                        area.end(),
                        (_, _, level) -> bytes[0] += space.context().paging().coverageBytes(level));
        return bytes[0];
    }
}
