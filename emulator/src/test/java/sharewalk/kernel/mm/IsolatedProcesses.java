package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_REMOVE;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.ArrayList;
import java.util.List;
import sharewalk.kernel.mm.ModelledSpace.Cell;
import sharewalk.kernel.mm.ModelledSpace.Page;
import sharewalk.mmu.paging.PagingMode;

/// Processes under a design, and beside each a model of what its pages hold. Every step does one random operation on
/// both, then compares. Three blocks of leaf tables are in play, on both sides of a multiple of 1 GiB.
final class IsolatedProcesses {
    private static final int BLOCK = 512;
    private static final int PAGES = 3 * BLOCK;
    private static final long BASE = 0x3fe0_0000;
    private static final int MOST_PROCESSES = 6;
    private static final int[] CUTS = {0, 1, 18, 256, 511};
    private static final int[] PROBES = {0, 1, 17, 300, 510, 511};
    private static final int[] RIGHTS = {PROT_NONE, PROT_READ, RW, RW};

    private final TestMachine machine;
    private final DesignUnderTest design;
    private final FileStub file;
    private final Cell[] fileCells = new Cell[PAGES + BLOCK];
    private final List<ModelledSpace> processes = new ArrayList<>();
    private final long usedAtStart;
    private String lastStep = "";

    IsolatedProcesses(String designText, PagingMode mode) {
        machine = new TestMachine(mode, 2, 24 << 20);
        design = DesignUnderTest.install(designText, machine);
        file = new FileStub(machine, "/file", fileCells.length * PAGE);
        for (int i = 0; i < fileCells.length; i++) {
            fileCells[i] = new Cell(fresh(i));
        }
        usedAtStart = machine.frames.usedFrames();
        processes.add(newProcess());
        processes.add(newProcess());
    }

    String lastStep() {
        return lastStep;
    }

    void step(long random) {
        Draw draw = new Draw(random);
        ModelledSpace process = processes.get(draw.below(processes.size()));
        machine.enter(draw.below(2));
        machine.run(process.space, machine.context.current().hart());
        int first = CUTS[draw.below(CUTS.length)] + BLOCK * draw.below(3);
        int end = Math.min(PAGES, cutAfter(first, draw));
        int prot = RIGHTS[draw.below(RIGHTS.length)];
        int operation = draw.below(24);
        int page = PROBES[draw.below(PROBES.length)] + BLOCK * draw.below(3);
        int value = draw.below(120);
        lastStep = "operation %d of process %d, pages %d to %d, rights %d, page %d, value %d"
                .formatted(operation, processes.indexOf(process), first, end, prot, page, value);
        switch (operation) {
            case 0, 1 -> mapFile(process, 0, PAGES, RW, 0);
            case 2 -> mapFile(process, first, end, prot, (value & 1) * BLOCK);
            case 3 -> mapFile(process, first, end, RW, 1);
            case 4 -> mapPrivately(process, first, end);
            case 5 -> mapAnonymous(process, first, end, value % 2 == 0);
            case 6 -> unmap(process, first, end);
            case 7, 8, 9 -> protect(process, first, end, prot);
            case 10 -> forget(process, first, end);
            case 11 -> move(process, first, Math.min(end, first + BLOCK), BLOCK * (value % 3));
            case 12, 13 -> fork(process);
            case 14 -> exit(process);
            case 15 -> execute(process);
            case 16 -> truncate(value % 2 == 0 ? fileCells.length : first);
            case 17 -> punch(process, first, end);
            default -> store(process, page, value);
        }
        machine.requireRedeemed();
        for (ModelledSpace each : processes) {
            compareAccess(each, page);
            compareTable(each);
        }
        machine.requireRedeemed();
    }

    /// Ends all processes: every frame comes back.
    void end() {
        for (ModelledSpace process : processes) {
            process.space.release();
        }
        machine.requireRedeemed();
        file.truncate(0);
        require(machine.frames.usedFrames() == usedAtStart, "frames lost: " + machine.frames);
        require(file.reverseMap.isEmpty(), "file still mapped");
    }

    private static int cutAfter(int first, Draw draw) {
        int end = CUTS[draw.below(CUTS.length)] + BLOCK * (1 + draw.below(3));
        return end > first ? end : first + BLOCK;
    }

    private static long at(int page) {
        return BASE + page * PAGE;
    }

    /// The byte that [FileStub] gives a page it has not had before.
    private static int fresh(int filePage) {
        return filePage + 1 & 0xff;
    }

    private ModelledSpace newProcess() {
        return new ModelledSpace(AddressSpace.create(machine.context), PAGES);
    }

    private void mapFile(ModelledSpace process, int first, int end, int prot, int offset) {
        mapSource(process, first, end, prot, MAP_SHARED, offset + first);
        for (int page = first; page < end; page++) {
            process.pages[page] = new Page(prot, true, fileCells[offset + page], null);
        }
        design.optIn(process.space, at(first), (end - first) * PAGE);
    }

    private void mapPrivately(ModelledSpace process, int first, int end) {
        mapSource(process, first, end, RW, MAP_PRIVATE, first);
        for (int page = first; page < end; page++) {
            process.pages[page] = new Page(RW, false, fileCells[page], null);
        }
    }

    private void mapSource(ModelledSpace process, int first, int end, int prot, int type, int filePage) {
        FileToMap opened = new FileToMap(true, true, true, file);
        long bytes = (end - first) * PAGE;
        MapRequest request = new MapRequest(at(first), bytes, prot, type | MAP_FIXED, opened, filePage * PAGE);
        require(process.space.map(request) == at(first), "mmap of the file");
    }

    private void mapAnonymous(ModelledSpace process, int first, int end, boolean shared) {
        int flags = (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | MAP_FIXED;
        long bytes = (end - first) * PAGE;
        require(process.space.map(MapRequest.anonymous(at(first), bytes, RW, flags)) == at(first), "mmap");
        for (int page = first; page < end; page++) {
            process.pages[page] = new Page(RW, shared, shared ? new Cell(0) : null, null);
        }
        if (shared) {
            design.optIn(process.space, at(first), bytes);
        }
    }

    private void unmap(ModelledSpace process, int first, int end) {
        require(process.space.unmap(at(first), (end - first) * PAGE) == 0, "munmap");
        process.forget(first, end);
    }

    private void protect(ModelledSpace process, int first, int end, int prot) {
        long result = process.space.protect(at(first), (end - first) * PAGE, prot);
        int page = first;
        for (Page old; page < end && (old = process.pages[page]) != null; page++) {
            process.pages[page] = old.withProt(prot);
        }
        require((result == 0) == (page == end), "mprotect: " + result);
    }

    private void forget(ModelledSpace process, int first, int end) {
        long _ = process.space.advise(at(first), (end - first) * PAGE, MADV_DONTNEED);
        process.drop(first, end);
    }

    private void move(ModelledSpace process, int first, int end, int target) {
        long bytes = (end - first) * PAGE;
        int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
        long result = process.space.remap(new RemapRequest(at(first), bytes, bytes, flags, at(target)));
        if (process.pages[first] == null || Math.abs(first - target) < end - first) {
            require(result < 0, "mremap of nothing, or onto itself");
            return;
        }
        // What lies at the target goes before the rest of the source is looked at.
        process.forget(target, target + end - first);
        if (result == at(target)) {
            System.arraycopy(process.pages, first, process.pages, target, end - first);
            process.forget(first, end);
        }
    }

    private void fork(ModelledSpace process) {
        if (processes.size() < MOST_PROCESSES) {
            processes.add(process.forked(requireNonNull(process.space.fork())));
        }
    }

    private void exit(ModelledSpace process) {
        process.space.release();
        processes.remove(process);
        if (processes.isEmpty()) {
            processes.add(newProcess());
        }
    }

    private void execute(ModelledSpace process) {
        exit(process);
        if (processes.size() < MOST_PROCESSES) {
            processes.add(newProcess());
        }
    }

    private void truncate(int pages) {
        file.truncate(pages * PAGE);
        for (int i = 0; i < fileCells.length; i++) {
            if (i >= pages) {
                fileCells[i].lost = true;
                fileCells[i].value = fresh(i);
                dropCopiesOf(fileCells[i]);
            } else {
                fileCells[i].lost = false;
            }
        }
    }

    private void dropCopiesOf(Cell cell) {
        for (ModelledSpace process : processes) {
            for (int i = 0; i < PAGES; i++) {
                Page page = process.pages[i];
                process.pages[i] = page != null && page.shown() == cell ? page.dropped() : page;
            }
        }
    }

    /// Everybody loses what the file has there; a hole of the test's file shows what it showed first.
    private void punch(ModelledSpace process, int first, int end) {
        Vma vma = process.space.vmas().find(at(first));
        if (vma == null || !(vma.mapping() instanceof Mapping.SharedPages) || vma.end() < at(end)) {
            return;
        }
        require(process.space.advise(at(first), (end - first) * PAGE, MADV_REMOVE) == 0, "MADV_REMOVE");
        for (int page = first; page < end; page++) {
            Cell cell = requireNonNull(requireNonNull(process.pages[page]).shown());
            cell.value = vma.mapping().source() == file ? fresh((int) vma.pageIndex(at(page))) : 0;
        }
    }

    private void store(ModelledSpace process, int number, int value) {
        Page page = process.pages[number];
        long due = page == null ? -sharewalk.abi.Signals.SIGSEGV : page.stored();
        long result = machine.store(process.space, at(number), value);
        require(result == due, "store: %d, expected %d".formatted(result, due));
        if (page != null && due == 0) {
            process.pages[number] = page.with(value);
        }
    }

    /// Loads a page, and stores to it what it holds if it may be written.
    private void compareAccess(ModelledSpace process, int number) {
        long found = machine.load(process.space, at(number));
        long due = process.loaded(number);
        require(found == due, "page %d: found %d, expected %d".formatted(number, found, due));
        if (due >= 0 && number % 2 == 0) {
            store(process, number, (int) due);
        }
    }

    /// Every entry of the table grants what the model grants, and leads to a page with its content.
    private void compareTable(ModelledSpace process) {
        var format = machine.mode.format();
        process.space.table().hardwareCursor().forEachLeaf(at(0), at(PAGES), (virtAddr, pte, level) -> {
            int number = (int) ((virtAddr - BASE) / PAGE);
            Page page = process.pages[number];
            require(page != null, "page %d is mapped".formatted(number));
            if (page == null || !format.isPresent(pte)) {
                return;
            }
            require(page.loaded() == content(format.pfn(pte)), "page %d leads elsewhere".formatted(number));
            boolean copied = page.shared() || page.own() != null;
            require(!format.isWritable(pte) || (copied && page.stored() == 0), "page %d is writable".formatted(number));
        });
    }

    private long content(long pfn) {
        return machine.memory.read8(pfn * PAGE);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /// Small numbers out of one large one.
    private static final class Draw {
        private long left;

        Draw(long random) {
            left = random;
        }

        int below(int bound) {
            int drawn = (int) (left % bound);
            left /= bound;
            return drawn;
        }
    }
}
