package sharewalk.kernel.mm;

import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// A machine with a few processes and, beside each, a naive model of what its pages hold. Every step does one random
/// operation on both, then compares.
final class ModelledMachine {
    private static final long BASE = 0x3fff_8000;
    private static final int PAGES = 40;
    private static final int MOST_PROCESSES = 4;

    /// A page as the model knows it: its rights, and a cell for its one byte, which sharers have in common.
    @SuppressWarnings("ArrayRecordComponent")
    private record Page(int prot, boolean shared, int[] cell) {
        Page withProt(int newProt) {
            return new Page(newProt, shared, cell);
        }

        Page inherited() {
            return shared ? this : new Page(prot, false, cell.clone());
        }
    }

    private record Modelled(AddressSpace space, Map<Long, Page> pages) {}

    private final TestMachine machine;
    private final FileStub file;
    private final int[][] fileCells = new int[PAGES][1];
    private final List<Modelled> processes = new ArrayList<>();
    private final long usedAtStart;
    private String lastStep = "";

    /// Creates a machine whose tables are shared as `sharing` says.
    ModelledMachine(PagingMode mode, Function<MemoryContext, TableSharing> sharing) {
        machine = new TestMachine(mode, 2, 4 << 20);
        machine.context.shareTables(sharing.apply(machine.context));
        file = new FileStub(machine, "/file", PAGES * PAGE).resident();
        for (int page = 0; page < PAGES; page++) {
            fileCells[page][0] = page + 1;
        }
        usedAtStart = machine.frames.usedFrames();
        processes.add(new Modelled(AddressSpace.create(machine.context), new TreeMap<>()));
    }

    String lastStep() {
        return lastStep;
    }

    void step(long random) {
        Modelled process = processes.get((int) (random >>> 8 & 0xff) % processes.size());
        int first = (int) (random >>> 16 & 0xff) % PAGES;
        int count = 1 + (int) (random >>> 24 & 0xff) % (PAGES - first);
        int value = (int) (random >>> 32 & 0x7f);
        machine.enter((int) (random >>> 40 & 1));
        int operation = (int) (random & 0xff) % 16;
        lastStep = "operation %d, page %d, %d pages, value %d".formatted(operation, first, count, value);
        switch (operation) {
            case 0 -> map(process, first, count, MAP_PRIVATE);
            case 1 -> map(process, first, count, MAP_SHARED);
            case 2 -> mapFile(process, first, count, MAP_SHARED);
            case 3 -> mapFile(process, first, count, MAP_PRIVATE);
            case 4 -> unmap(process, first, Math.min(count, 5));
            case 5 -> protect(process, first, count, PROT_READ);
            case 6 -> protect(process, first, count, RW);
            case 7 -> protect(process, first, Math.min(count, 3), PROT_NONE);
            case 8 -> forget(process, first, count);
            case 9 -> fork(process);
            case 10 -> exit(process);
            case 11 -> move(process, first, Math.min(count, 3), value % PAGES);
            case 12 -> dropEntries(process, first, count);
            default -> store(process, first, value);
        }
        machine.requireRedeemed();
        compare(first);
        checkRemembered();
    }

    /// Ends all processes: every frame comes back.
    void end() {
        for (Modelled process : processes) {
            process.space.release();
        }
        machine.requireRedeemed();
        require(machine.frames.usedFrames() == usedAtStart, "frames lost: " + machine.frames);
        require(file.reverseMap.isEmpty(), "file still mapped");
    }

    private static long at(long page) {
        return BASE + page * PAGE;
    }

    private void map(Modelled process, int first, int count, int type) {
        require(
                process.space.map(MapRequest.anonymous(at(first), count * PAGE, RW, type | MAP_FIXED)) == at(first),
                "map");
        for (long page = first; page < first + count; page++) {
            process.pages.put(page, new Page(RW, type == MAP_SHARED, new int[1]));
        }
    }

    private void mapFile(Modelled process, int first, int count, int type) {
        FileToMap opened = new FileToMap(true, true, true, file);
        MapRequest request = new MapRequest(at(first), count * PAGE, RW, type | MAP_FIXED, opened, 0);
        require(process.space.map(request) == at(first), "map file");
        for (int page = 0; page < count; page++) {
            // A private page shows the file until it is written: the model keeps a negative mark until then.
            process.pages.put(
                    (long) first + page,
                    type == MAP_SHARED
                            ? new Page(RW, true, fileCells[page])
                            : new Page(RW, false, new int[] {-1 - page}));
        }
    }

    private void unmap(Modelled process, int first, int count) {
        require(process.space.unmap(at(first), count * PAGE) == 0, "unmap");
        for (long page = first; page < first + count; page++) {
            process.pages.remove(page);
        }
    }

    private void protect(Modelled process, int first, int count, int prot) {
        long result = process.space.protect(at(first), count * PAGE, prot);
        boolean whole = true;
        for (long page = first; page < first + count && whole; page++) {
            whole = process.pages.computeIfPresent(page, (_, old) -> old.withProt(prot)) != null;
        }
        require((result == 0) == whole, "protect " + result);
    }

    private void forget(Modelled process, int first, int count) {
        long _ = process.space.advise(at(first), count * PAGE, MADV_DONTNEED);
        for (long page = first; page < first + count; page++) {
            Vma vma = process.space.vmas().find(at(page));
            Page old = process.pages.get(page);
            if (vma != null && old != null && !old.shared) {
                boolean ofFile = vma.mapping() instanceof Mapping.PrivatePages;
                int fresh = ofFile ? -1 - (int) vma.pageIndex(at(page)) : 0;
                process.pages.put(page, new Page(old.prot, false, new int[] {fresh}));
            }
        }
    }

    private void fork(Modelled process) {
        if (processes.size() == MOST_PROCESSES) {
            return;
        }
        machine.run(process.space, machine.context.current().hart());
        AddressSpace child = process.space.fork();
        require(child != null, "fork");
        if (child != null) {
            Map<Long, Page> pages = new TreeMap<>();
            process.pages.forEach((page, old) -> pages.put(page, old.inherited()));
            processes.add(new Modelled(child, pages));
        }
    }

    private void exit(Modelled process) {
        if (processes.size() > 1) {
            processes.remove(process);
            process.space.release();
        }
    }

    private void move(Modelled process, int first, int count, int target) {
        long result = process.space.remap(
                new RemapRequest(at(first), count * PAGE, count * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at(target)));
        if (Math.abs(first - target) < count) {
            require(result < 0, "move onto itself");
            return;
        }
        if (!process.pages.containsKey((long) first)) {
            require(result < 0, "moved nothing");
            return;
        }
        // What lies at the target goes before the rest of the source is looked at.
        for (int page = 0; page < count; page++) {
            process.pages.remove((long) target + page);
        }
        if (result == at(target)) {
            for (int page = 0; page < count; page++) {
                Page moved = process.pages.remove((long) first + page);
                require(moved != null, "moved a hole");
                if (moved != null) {
                    process.pages.put((long) target + page, moved);
                }
            }
        }
    }

    /// Throws entries away that a fault can rebuild: those of page caches and of the frame of zeros.
    private void dropEntries(Modelled process, int first, int count) {
        PteFormat format = machine.mode.format();
        for (long page = first; page < first + count; page++) {
            Vma vma = process.space.vmas().find(at(page));
            long pte = process.space.table().cursor().pteAt(at(page));
            if (vma != null && pte != 0 && !process.space.faults().isOwnPage(vma, at(page), format.pfn(pte))) {
                machine.context
                        .shootdown()
                        .redeem(
                                process.space,
                                process.space.unmapping().zap(vma, at(page), at(page + 1)),
                                FlushCause.OTHER);
            }
        }
    }

    private void store(Modelled process, long first, int value) {
        Page page = process.pages.get(first);
        long result = machine.store(process.space, at(first), value);
        if (page == null || (page.prot & sharewalk.abi.MmapProt.PROT_WRITE) == 0) {
            require(result == -SIGSEGV, "stored without the right: " + result);
        } else {
            require(result == 0, "store: " + result);
            page.cell[0] = value;
        }
    }

    /// Compares one page of every process.
    private void compare(long first) {
        for (Modelled process : processes) {
            Page page = process.pages.get(first);
            long found = machine.load(process.space, at(first));
            long expected = page == null || page.prot == PROT_NONE ? -SIGSEGV : content(page);
            require(found == expected, "page %d: found %d, expected %d".formatted(first, found, expected));
        }
    }

    private long content(Page page) {
        int content = page.cell[0];
        return content < 0 ? fileCells[-1 - content][0] : content;
    }

    /// No hart may remember more than the tables grant.
    private void checkRemembered() {
        PteFormat format = machine.mode.format();
        for (Modelled process : processes) {
            for (int hart = 0; hart < machine.harts.size(); hart++) {
                if (!machine.context.shootdown().runs(process.space, hart)) {
                    continue;
                }
                int id = machine.context.shootdown().idOn(process.space, hart);
                for (long page = 0; page < PAGES; page++) {
                    @Nullable Long held = machine.harts.get(hart).remembered(id, at(page));
                    long pte = process.space.table().cursor().pteAt(at(page));
                    require(
                            held == null
                                    || (format.isPresent(pte)
                                            && format.pfn(held) == format.pfn(pte)
                                            && format.permissions(pte).covers(format.permissions(held))),
                            "hart %d is stale at page %d".formatted(hart, page));
                }
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
