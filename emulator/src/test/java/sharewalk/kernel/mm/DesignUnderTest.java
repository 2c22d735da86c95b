package sharewalk.kernel.mm;

import static sharewalk.abi.Advice.MADV_SHARE_TABLES;

import java.util.List;
import java.util.Optional;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.Designs;

/// A design at work in a machine without an engine, and how a process asks it to share.
final class DesignUnderTest implements CallingTask {
    private final TestMachine machine;
    private List<DesignCall> calls = List.of();
    private Optional<AddressSpace> caller = Optional.empty();

    private DesignUnderTest(TestMachine machine) {
        this.machine = machine;
    }

    static DesignUnderTest install(String text, TestMachine machine) {
        DesignUnderTest design = new DesignUnderTest(machine);
        design.calls = Designs.install(Designs.named(text).orElseThrow(), machine.context, design)
                .systemCalls();
        return design;
    }

    /// Asks that tables be shared in a range, by whatever the design offers.
    void optIn(AddressSpace space, long virtAddr, long sizeBytes) {
        caller = Optional.of(space);
        boolean hinted = !machine.context.tableSharing().takesHint()
                || space.advise(virtAddr, sizeBytes, MADV_SHARE_TABLES) == 0;
        for (DesignCall call : calls) {
            if (call.call() == SystemCall.SHARE_TABLES) {
                hinted &= call.body().applyAsLong(new long[] {virtAddr, sizeBytes, 0, 0, 0, 0}) == 0;
            }
        }
        if (!hinted) {
            throw new AssertionError("the design refuses to share");
        }
    }

    @Override
    public AddressSpace space() {
        return caller.orElseThrow();
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public FileTable files() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FsContext fs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Vfs vfs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CallerMemory memory() {
        throw new UnsupportedOperationException();
    }
}
