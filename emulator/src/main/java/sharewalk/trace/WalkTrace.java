package sharewalk.trace;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.cpu.unicorn.UnicornMachine;
import sharewalk.experiment.GuestView;
import sharewalk.experiment.RunObserver;
import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.WalkObserver;
import sharewalk.mmu.walk.WalkResult;

/// A text file with one line for each counted page walk, in the order in which they happen.
///
/// A file that can no longer be written ends the trace, not the run: [#failure] tells.
public final class WalkTrace implements RunObserver, WalkObserver {
    private static final String HEADER = """
            # Sharewalk walk trace, version 2. One line for each page walk, columns separated by a space:
            # instructions  retired by the hart before the one that walks
            # hart pid pc   who walks; hart's number, process, address of the instruction
            # symbol        where pc lies in the program, - where it has no name
            # address       virtual address walked for
            # access        load, store or fetch
            # entries       from the root down, separated by commas: LEVEL=ADDRESS:ENTRY:private|shared:SOURCE, the
            #               physical address and the value; shared lies in a table that several roots can reach;
            #               SOURCE is l1, l2, l3 or memory, where the entry was read, or cached: not read because a
            #               walk cache held it; LEVEL=cached: skipped because a walk cache stood for it
            # result        physical address, or fault: and why
            # instructions hart pid pc symbol address access entries result
            """;

    private final Writer out;
    private final StringBuilder line = new StringBuilder();
    private List<UnicornCpu> harts = List.of();
    private @Nullable FrameTable frames;
    private @Nullable GuestView guest;
    private int rootLevel;
    private @Nullable IOException failure;

    /// Creates a trace into `out`, which should be buffered; whoever opened it closes it.
    ///
    /// @throws IOException if the header cannot be written
    public WalkTrace(Writer out) throws IOException {
        this.out = out;
        out.write(HEADER);
    }

    @Override
    public void begin(UnicornMachine machine, GuestView view) {
        harts = machine.harts();
        frames = machine.allocator().table();
        rootLevel = machine.spec().paging().rootLevel();
        guest = view;
        harts.forEach(hart -> hart.observeWalks(this));
    }

    /// Returns why the trace is incomplete, or null when it is not.
    public @Nullable IOException failure() {
        return failure;
    }

    @Override
    public void walked(int hart, long virtAddr, AccessType access, WalkResult result) {
        if (failure != null) {
            return;
        }
        line.setLength(0);
        describeInstruction(harts.get(hart));
        hex(virtAddr);
        line.append(' ').append(nameOf(access)).append(' ');
        describeEntries(result, harts.get(hart).mmu().rootPfn());
        describeOutcome(result);
        line.append('\n');
        try {
            out.append(line);
        } catch (IOException e) {
            failure = e;
        }
    }

    private void describeInstruction(UnicornCpu cpu) {
        long pc = cpu.pc();
        GuestView view = guest;
        line.append(cpu.instructionsBefore(pc)).append(' ').append(cpu.hart()).append(' ');
        line.append(view == null ? 0 : view.pid(cpu.hart())).append(' ');
        hex(pc);
        line.append(' ');
        @Nullable Object symbol = view == null ? null : view.symbolAt(cpu.hart(), pc);
        line.append(symbol == null ? "-" : symbol).append(' ');
    }

    private void describeEntries(WalkResult result, long rootPfn) {
        int firstLevel = result.steps() == 0 ? -1 : result.entryLevel(0);
        for (int level = rootLevel; level > firstLevel && firstLevel >= 0; level--) {
            line.append(level).append("=cached,");
        }
        for (int i = 0; i < result.steps(); i++) {
            line.append(i == 0 ? "" : ",").append(result.entryLevel(i)).append('=');
            hex(result.entryAddress(i));
            line.append(':');
            hex(result.entry(i));
            line.append(isShared(result.entryAddress(i), rootPfn) ? ":shared:" : ":private:");
            line.append(nameOf(result.source(i)));
        }
        line.append(result.steps() == 0 ? "- " : " ");
    }

    /// A shared table page belongs to its subtree, not to the owner of the root.
    private boolean isShared(long entryAddress, long rootPfn) {
        FrameTable table = frames;
        return table != null && table.owner(entryAddress >>> 12) != table.owner(rootPfn);
    }

    private void describeOutcome(WalkResult result) {
        if (result.isTranslated()) {
            hex(result.physAddr());
        } else {
            line.append("fault:").append(result.fault());
        }
    }

    private static String nameOf(AccessType access) {
        return switch (access) {
            case LOAD -> "load";
            case STORE -> "store";
            case FETCH -> "fetch";
        };
    }

    private static String nameOf(EntrySource source) {
        return source == EntrySource.WALK_CACHE ? "cached" : source.key();
    }

    private void hex(long value) {
        line.append("0x").append(Long.toHexString(value));
    }
}
