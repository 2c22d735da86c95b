package sharewalk.benchmark;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import sharewalk.cpu.GuestIsa;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;

/// A program that measures one machine profile as a row of a Markdown table, every figure a ratio of two times taken
/// right after one another.
///
/// Arguments: `--names` prints the profiles there are, `--head` the head of the table; otherwise the number of
/// rounds and the name of one profile. Each profile wants a process of its own, as each run of a user has one: code
/// that the virtual machine has compiled for several replacement policies is slower than for one.
public final class MachineTable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_RUNS = 4;
    private static final int HARTS = 8;

    private static final Workload LOCAL = Workload.random(32, 64, 20_000);
    private static final Workload WORST = Workload.random(32, 1, 400_000);
    private static final Workload ONE_PAGE = Workload.cyclic(1, 200_000);

    /// Twice what the engine's own table holds, and more than any L1D.
    private static final Workload SECOND_LEVEL = Workload.cyclic(512, 200_000);

    /// More than any L2 holds.
    private static final Workload BEYOND = Workload.cyclic(8192, 200_000);

    /// Below this share of the visits the event to be measured is not what is measured.
    private static final double CLEAR_SHARE = 0.95;

    private final Machine machine;
    private final int rounds;

    private MachineTable(Machine machine, int rounds) {
        this.machine = machine;
        this.rounds = rounds;
    }

    /// Measures one profile.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "--names" -> Machines.names().forEach(System.out::println);
            case "--head" -> System.out.print(
                    """
                    | machine, L1D, L2 | 32 pages, 64 accesses each | 32 pages, 1 access each | L1 miss, L2 hit | walk | bytes / walk | 8 harts |
                    |---|---:|---:|---:|---:|---:|---:|
                    """);
            default -> {
                Machine chosen = Machines.named(arguments[1]).orElseThrow();
                System.out.println(new MachineTable(chosen, Integer.parseInt(arguments[0])).row());
            }
        }
    }

    private String row() {
        return String.join(
                " | ",
                "| %s, %s, %s".formatted(
                        machine.name(),
                        machine.hardware().l1d(),
                        machine.hardware().l2()),
                bothIsas(program -> speed(program, LOCAL)),
                bothIsas(program -> speed(program, WORST)),
                bothIsas(program -> missOverEmptyFill(program, SECOND_LEVEL, 0)),
                bothIsas(program -> missOverEmptyFill(program, BEYOND, 1)),
                bothIsas(this::bytesPerWalk),
                bothIsas(this::manyHarts) + " |");
    }

    private static String bothIsas(ToDoubleFunction<LoopProgram> figure) {
        return text(figure.applyAsDouble(LoopProgram.of(GuestIsa.RISCV64)))
                + " / "
                + text(figure.applyAsDouble(LoopProgram.of(GuestIsa.X86_64)));
    }

    private static String text(double figure) {
        return Double.isNaN(figure) ? "-" : String.format(Locale.ROOT, "%.2f", figure);
    }

    private ModelledLoop modelled(LoopProgram program, Workload workload, int harts) {
        return new ModelledLoop(program, workload, machine.hardwareFor(program.isa()), harts, false);
    }

    /// Returns the time of the bare engine divided by that of the machine.
    private double speed(LoopProgram program, Workload workload) {
        try (BareLoop bare = new BareLoop(program, workload);
                ModelledLoop loop = modelled(program, workload, 1)) {
            double[][] nanos = nanos(bare, loop);
            return median(nanos[0], nanos[1]);
        }
    }

    /// Returns what a visit that misses takes longer than one that does not, on the machine divided by on the bare
    /// engine, whose fill hook answers at once; NaN where the visits do not miss, or walk, as they should.
    private double missOverEmptyFill(LoopProgram program, Workload workload, int walksPerVisit) {
        try (BareLoop bareOnePage = new BareLoop(program, ONE_PAGE);
                BareLoop bare = new BareLoop(program, workload);
                ModelledLoop onePage = modelled(program, ONE_PAGE, 1);
                ModelledLoop loop = modelled(program, workload, 1)) {
            double[][] nanos = nanos(bareOnePage, bare, onePage, loop);
            double visits = (double) workload.visits() * (rounds + WARM_UP_RUNS);
            double missShare = loop.dataMisses() / visits;
            double walkShare = loop.walks() / visits;
            if (missShare < CLEAR_SHARE || Math.abs(walkShare - walksPerVisit) > 1 - CLEAR_SHARE) {
                return Double.NaN;
            }
            double[] own = new double[rounds];
            double[] ours = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                own[i] = nanos[1][i] - nanos[0][i];
                ours[i] = nanos[3][i] - nanos[2][i];
            }
            return median(ours, own);
        }
    }

    /// Returns the bytes of Java heap that a visit with a walk allocates once everything is compiled.
    private double bytesPerWalk(LoopProgram program) {
        try (ModelledLoop loop = modelled(program, BEYOND, 1)) {
            double[][] _ = nanos(loop);
            long thread = Thread.currentThread().threadId();
            long before = THREADS.getThreadAllocatedBytes(thread);
            loop.run();
            return (double) (THREADS.getThreadAllocatedBytes(thread) - before) / BEYOND.visits();
        }
    }

    /// Returns the time of one hart divided by that of eight that share the same work.
    private double manyHarts(LoopProgram program) {
        try (ModelledLoop one = modelled(program, LOCAL, 1);
                ModelledLoop many = modelled(program, LOCAL, HARTS)) {
            double[][] nanos = nanos(one, many);
            return median(nanos[0], nanos[1]);
        }
    }

    /// Returns the processor time of each runner in each round, the runners in turn.
    private double[][] nanos(LoopRunner... runners) {
        double[][] nanos = new double[runners.length][rounds];
        for (int round = -WARM_UP_RUNS; round < rounds; round++) {
            for (int i = 0; i < runners.length; i++) {
                long start = THREADS.getCurrentThreadCpuTime();
                runners[i].run();
                if (round >= 0) {
                    nanos[i][round] = THREADS.getCurrentThreadCpuTime() - start;
                }
            }
        }
        return nanos;
    }

    private static double median(double[] numerators, double[] denominators) {
        double[] ratios = new double[numerators.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = numerators[i] / denominators[i];
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }
}
