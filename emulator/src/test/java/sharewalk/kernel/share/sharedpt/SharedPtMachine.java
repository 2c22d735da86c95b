package sharewalk.kernel.share.sharedpt;

import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileStub;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.kernel.share.Designs;
import sharewalk.mmu.paging.PagingMode;

/// A machine with up to six processes that map one file with MAP_SHARED_PT, and beside each a naive model of what it
/// may do with its pages and what they hold. Every step does one random operation on both, then compares.
abstract class SharedPtMachine {
    /// Two leaf tables, and where mremap(2) moves to.
    static final long BASE = 0x1000_0000;

    static final long MOVED = 0x2000_0000;
    static final int BLOCK_PAGES = 512;
    static final int PAGES = 2 * BLOCK_PAGES;

    private static final int MOST_PROCESSES = 6;
    private static final int USED_PAGES = 24;
    private static final int[] USED =
            IntStream.range(0, USED_PAGES).map(SharedPtMachine::pageOf).sorted().toArray();

    /// A page as the model knows it: its rights, and the cell that its one byte lies in.
    @SuppressWarnings("ArrayRecordComponent")
    record Page(int prot, int[] cell, boolean isOfFile) {
        Page withProt(int newProt) {
            return new Page(newProt, cell, isOfFile);
        }

        Page inherited() {
            return isOfFile ? this : new Page(prot, cell.clone(), false);
        }
    }

    /// A process; `hinted` while its whole mapping is one that shares, `domain` what its children inherit.
    static final class Modelled {
        final AddressSpace space;
        final Map<Long, Page> pages = new TreeMap<>();
        boolean hinted;

        @Nullable
        Object domain;

        Modelled(AddressSpace space) {
            this.space = space;
        }
    }

    final TestMachine machine;
    final FileStub file;
    final int[][] fileCells = new int[PAGES][1];
    final List<Modelled> processes = new ArrayList<>();
    private final long usedAtStart;
    private String lastStep = "";

    SharedPtMachine(PagingMode mode, SharingDesign design) {
        machine = new TestMachine(mode, 2, 16 << 20);
        file = new FileStub(machine, "/file", PAGES * PAGE);
        for (int page = 0; page < PAGES; page++) {
            fileCells[page][0] = page + 1 & 0xff;
        }
        var _ = file.resident();
        usedAtStart = machine.frames.usedFrames();
        var _ = Designs.install(design, machine.context, new NoTask());
        processes.add(new Modelled(AddressSpace.create(machine.context)));
        processes.add(new Modelled(AddressSpace.create(machine.context)));
    }

    final String lastStep() {
        return lastStep;
    }

    final void step(long random) {
        Modelled process = processes.get((int) (random >>> 8 & 0xff) % processes.size());
        int first = pageOf((int) (random >>> 16 & 0xff));
        int other = pageOf((int) (random >>> 24 & 0xff));
        int start = Math.min(first, other);
        int end = Math.max(first, other) + 1;
        int value = (int) (random >>> 32 & 0x7f);
        machine.enter((int) (random >>> 40 & 1));
        int operation = (int) (random & 0xff) % 16;
        lastStep = "operation %d, process %d, pages %d to %d, value %d"
                .formatted(operation, processes.indexOf(process), start, end, value);
        switch (operation) {
            case 0 -> share(process);
            case 1 -> fork(process);
            case 2 -> exit(process);
            case 3 -> unmap(process, 0, PAGES);
            case 4 -> unmap(process, start, end);
            case 5 -> protect(process, start, end, PROT_READ);
            case 6 -> protect(process, start, end, RW);
            case 7 -> protect(process, start, Math.min(end, start + 3), PROT_NONE);
            case 8 -> drop(process, start, end);
            case 9 -> punch(start, end);
            case 10 -> other(process, start, end, value);
            default -> store(process, first, value);
        }
        machine.requireRedeemed();
        compare(first);
        compare(pageOf(value));
    }

    /// Ends all processes: every frame comes back.
    final void end() {
        for (Modelled process : processes) {
            process.space.release();
        }
        machine.requireRedeemed();
        // Pages that were punched out and never looked at again are not there.
        var _ = file.resident();
        require(machine.frames.usedFrames() == usedAtStart, "frames lost: " + machine.frames);
        require(!file.isMapped(), "file still mapped");
    }

    /// Spreads a number over the ends of both tables.
    private static int pageOf(int number) {
        int near = number % USED_PAGES;
        return near < USED_PAGES / 2 ? near : PAGES - USED_PAGES + near - (near % 2 == 0 ? BLOCK_PAGES : 0);
    }

    /// Returns the pages of `[start, end)` that are ever looked at.
    static int[] used(int start, int end) {
        return IntStream.of(USED).filter(page -> page >= start && page < end).toArray();
    }

    /// What the design makes of a mapping with the flag over what the process has there.
    abstract void share(Modelled process);

    abstract void unmap(Modelled process, int start, int end);

    abstract void protect(Modelled process, int start, int end, int prot);

    /// Something that only one of the designs has.
    abstract void other(Modelled process, int start, int end, int value);

    /// Notes what madvise(2) did beside dropping pages.
    abstract void dropped(Modelled process, int start, int end);

    final long map(Modelled process, int flags, int flag) {
        FileToMap opened = new FileToMap(true, true, true, file);
        return process.space.map(new MapRequest(BASE, PAGES * PAGE, RW, flags | flag | MAP_FIXED, opened, 0));
    }

    final void mapped(Modelled process) {
        for (int page : used(0, PAGES)) {
            process.pages.put(at(page), new Page(RW, fileCells[page], true));
        }
    }

    static long at(int page) {
        return BASE + page * PAGE;
    }

    static void unmapPages(Modelled process, int start, int end) {
        for (int page : used(start, end)) {
            process.pages.remove(at(page));
        }
    }

    static boolean covers(Modelled process, int start, int end) {
        for (int page : used(start, end)) {
            if (!process.pages.containsKey(at(page))) {
                return false;
            }
        }
        return true;
    }

    final void mapOver(Modelled process, int start, int end, long expected) {
        long result =
                process.space.map(MapRequest.anonymous(at(start), (end - start) * PAGE, RW, MAP_PRIVATE | MAP_FIXED));
        require(result == expected, "mmap over a part: " + result);
        if (result >= 0) {
            for (int page : used(start, end)) {
                process.pages.put(at(page), new Page(RW, new int[1], false));
            }
        }
    }

    final void move(Modelled process, int start, int end, long expected) {
        long target = MOVED + start * PAGE;
        long bytes = (end - start) * PAGE;
        long result =
                process.space.remap(new RemapRequest(at(start), bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, target));
        require(result == expected, "mremap: " + result);
        for (int page : result < 0 ? new int[0] : used(start, end)) {
            Page moved = process.pages.remove(at(page));
            if (moved != null) {
                process.pages.put(target + (page - start) * PAGE, moved);
            }
        }
    }

    private void fork(Modelled process) {
        if (processes.size() == MOST_PROCESSES) {
            return;
        }
        AddressSpace space = process.space.fork();
        require(space != null, "fork");
        if (space != null) {
            Modelled child = new Modelled(space);
            child.hinted = process.hinted;
            child.domain = process.domain;
            process.pages.forEach((virtAddr, page) -> child.pages.put(virtAddr, page.inherited()));
            processes.add(child);
        }
    }

    private void exit(Modelled process) {
        if (processes.size() > 2) {
            processes.remove(process);
            process.space.release();
        }
    }

    private void drop(Modelled process, int start, int end) {
        boolean whole = covers(process, start, end);
        long result = process.space.advise(at(start), (end - start) * PAGE, MADV_DONTNEED);
        require(result == 0 || !whole, "madvise: " + result);
        for (int page : used(start, end)) {
            Page known = process.pages.get(at(page));
            if (known != null && !known.isOfFile) {
                known.cell[0] = 0;
            }
        }
        dropped(process, start, end);
    }

    private void punch(int start, int end) {
        require(file.punchHole(start, end) == 0, "hole");
        for (int page : used(start, end)) {
            fileCells[page][0] = page + 1 & 0xff;
        }
    }

    private void store(Modelled process, int page, int value) {
        Page known = process.pages.get(at(page));
        boolean allowed = known != null && (known.prot & PROT_WRITE) != 0;
        long result = machine.store(process.space, at(page), value);
        require(result == (allowed ? 0 : -SIGSEGV), "store: " + result);
        if (known != null && allowed) {
            known.cell[0] = value;
        }
    }

    /// Looks at one page of every process, where it was first and where it may have been moved to.
    private void compare(int page) {
        for (Modelled process : processes) {
            for (long virtAddr : new long[] {at(page), MOVED + page * PAGE}) {
                Page known = process.pages.get(virtAddr);
                long expected = known == null || (known.prot & PROT_READ) == 0 ? -SIGSEGV : known.cell[0];
                long found = machine.load(process.space, virtAddr);
                require(
                        found == expected,
                        "process %d finds %d at %#x instead of %d"
                                .formatted(processes.indexOf(process), found, virtAddr, expected));
            }
        }
        machine.requireRedeemed();
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
