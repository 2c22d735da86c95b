package sharewalk.kernel.share;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.kernel.mm.TestMachine.PAGE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Vfs;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.kernel.share.mshare2026.Mshare2026Design;
import sharewalk.mmu.paging.PagingMode;

/// Random histories of mshare-2026 over two to six processes against a naive model: what each can read and write, who
/// sees a change, what the owner's exit takes away, and that every frame is free in the end.
class RegionHistoriesTest {
    private static final int PAGES = 8;
    private static final int STEPS = 120;
    private static final long SCRATCH = 0x1000_0000L;
    private static final long SIGSEGV = -11;

    private final Vfs vfs = new Vfs(() -> 0, 100);

    static Stream<Arguments> histories() {
        return Stream.of(PagingMode.SV39, PagingMode.SV48, PagingMode.X86_64_4LEVEL, PagingMode.X86_64_5LEVEL)
                .flatMap(mode -> Stream.iterate(1, seed -> seed <= 12, seed -> seed + 1)
                        .map(seed -> Arguments.of(mode, 2 + seed % 5, seed)));
    }

    /// What everybody must see: rights and content of each page, for whoever has a window.
    private static final class Model {
        private final int[] rights = new int[PAGES];
        private final int[] content = new int[PAGES];
        private final long[] windows;

        Model(int processes) {
            windows = new long[processes];
        }
    }

    private final class Run {
        private final TestMachine machine;
        private final ScriptedTask task;
        private final InstalledDesign design;
        private final List<AddressSpace> spaces = new ArrayList<>();
        private final FileTable files = new FileTable();
        private final SplittableRandom random;
        private final Model model;
        private final long descriptor;

        Run(PagingMode mode, int processes, int seed) {
            machine = TestMachine.of(mode);
            random = new SplittableRandom(seed);
            model = new Model(processes);
            for (int i = 0; i < processes; i++) {
                spaces.add(machine.process());
                assertThat(TestMachine.mapAnonymous(spaces.get(i), SCRATCH, 1)).isEqualTo(SCRATCH);
            }
            task = new ScriptedTask(vfs, spaces.getFirst());
            design = Designs.install(new Mshare2026Design(), machine.context, task);
            task.become(1, spaces.getFirst(), files);
            descriptor = call(SystemCall.MSHARE_CREATE);
            OpenFile region = task.file((int) descriptor);
            assertThat(region == null ? -1 : region.truncate(PAGES * PAGE)).isZero();
        }

        private long call(SystemCall which, long... given) {
            long[] arguments = new long[6];
            System.arraycopy(given, 0, arguments, 0, given.length);
            ToLongFunction<long[]> body = design.systemCalls().stream()
                    .filter(each -> each.call() == which)
                    .findFirst()
                    .orElseThrow()
                    .body();
            return body.applyAsLong(arguments);
        }

        private long map(int first, int pages, int prot) {
            ByteBuffer struct = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
            struct.putLong(first * PAGE).putLong(pages * PAGE).putLong(0).putInt(prot);
            struct.putInt(MAP_SHARED | MAP_ANONYMOUS).putInt(-1).putInt(0);
            assertThat(task.memory().copyOut(SCRATCH, struct.array())).isZero();
            return call(SystemCall.MSHARE_MAP, descriptor, SCRATCH, 40);
        }

        private void step() {
            int process = random.nextInt(spaces.size());
            int first = random.nextInt(PAGES);
            int pages = 1 + random.nextInt(PAGES - first);
            int prot = random.nextBoolean() ? PROT_READ | PROT_WRITE : PROT_READ;
            machine.enter(random.nextInt(2));
            task.become(1 + process, spaces.get(process), files);
            switch (random.nextInt(8)) {
                case 0 -> {
                    assertThat(map(first, pages, prot)).isZero();
                    for (int page = first; page < first + pages; page++) {
                        model.rights[page] = prot;
                        model.content[page] = 0;
                    }
                }
                case 1 -> {
                    assertThat(call(SystemCall.MSHARE_UNMAP, descriptor, first * PAGE, pages * PAGE))
                            .isZero();
                    for (int page = first; page < first + pages; page++) {
                        model.rights[page] = 0;
                    }
                }
                case 2 -> protect(first, pages, prot);
                case 3, 4 -> toggle(process);
                default -> store(process, first, 1 + random.nextInt(200));
            }
        }

        private void protect(int first, int pages, int prot) {
            boolean isWhole = true;
            for (int page = first; page < first + pages; page++) {
                isWhole &= model.rights[page] != 0;
            }
            if (isWhole) {
                assertThat(call(SystemCall.MSHARE_PROTECT, descriptor, first * PAGE, pages * PAGE, prot))
                        .isZero();
                for (int page = first; page < first + pages; page++) {
                    model.rights[page] = prot;
                }
            }
        }

        private void toggle(int process) {
            if (model.windows[process] == 0) {
                long at = call(SystemCall.MSHARE_ATTACH, descriptor, 0, PAGES * PAGE, 0, 0);
                assertThat(at).isPositive();
                model.windows[process] = at;
            } else {
                assertThat(call(SystemCall.MSHARE_DETACH, model.windows[process]))
                        .isZero();
                model.windows[process] = 0;
            }
        }

        private void store(int process, int page, int value) {
            if (model.windows[process] == 0) {
                return;
            }
            long result = machine.store(spaces.get(process), model.windows[process] + page * PAGE, value);
            boolean may = (model.rights[page] & PROT_WRITE) != 0;
            assertThat(result).isEqualTo(may ? 0 : SIGSEGV);
            model.content[page] = may ? value : model.content[page];
        }

        private void check() {
            for (int process = 0; process < spaces.size(); process++) {
                machine.enter(process % 2);
                for (int page = 0; page < PAGES && model.windows[process] != 0; page++) {
                    long seen = machine.load(spaces.get(process), model.windows[process] + page * PAGE);
                    assertThat(seen)
                            .as("process %d, page %d", process, page)
                            .isEqualTo(model.rights[page] == 0 ? SIGSEGV : model.content[page]);
                }
            }
            machine.requireRedeemed();
        }

        private void ownerExits() {
            design.taskExited(1);
            for (int process = 0; process < spaces.size(); process++) {
                if (model.windows[process] != 0) {
                    assertThat(machine.load(spaces.get(process), model.windows[process]))
                            .isEqualTo(SIGSEGV);
                    assertThat(spaces.get(process).vmas().find(model.windows[process]))
                            .isNull();
                }
            }
            assertThat(call(SystemCall.MSHARE_ATTACH, descriptor, 0, PAGES * PAGE, 0, 0))
                    .isEqualTo(-EINVAL);
            assertThat(call(SystemCall.MSHARE_UNMAP, descriptor, 0, PAGE)).isEqualTo(-EINVAL);
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everybodySeesWhatTheModelSays_andAllFramesComeBack(PagingMode mode, int processes, int seed) {
        long unused = TestMachine.of(mode).frames.usedFrames();
        Run run = new Run(mode, processes, seed);
        for (int step = 0; step < STEPS; step++) {
            run.step();
            run.check();
        }
        run.ownerExits();
        run.files.release();
        run.spaces.forEach(AddressSpace::release);
        run.machine.requireRedeemed();
        assertThat(run.machine.frames.usedFrames()).isEqualTo(unused);
    }
}
