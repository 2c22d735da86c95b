package sharewalk.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sharewalk.cpu.GuestIsa;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.tlb.TlbGeometry;

/// A program that measures how much of the bare engine's speed each machine keeps, and prints a Markdown table.
///
/// Each run of a machine follows a run of the bare engine on the same program, and the ratio of the two is taken;
/// printed is the median over the rounds. Time is the processor time of this thread, so that waiting for a processor
/// does not count; whatever else slows the host down slows both alike.
///
/// Arguments: the number of rounds (default 5), then any part of machine names to measure only those.
public final class SpeedTable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int DEFAULT_ROUNDS = 5;
    private static final int WARM_UP_RUNS = 3;

    private static final List<Workload> WORKLOADS = List.of(
            Workload.random(32, 1, 1_000_000),
            Workload.random(512, 1, 150_000),
            Workload.random(4096, 1, 150_000),
            Workload.random(512, 64, 15_000),
            Workload.random(4096, 64, 15_000));

    private static final List<Machine> MACHINES = List.of(
            new Machine("16x4:fifo", false),
            new Machine("16x4:lru", false),
            new Machine("1x32:fifo", false),
            new Machine("1x32:lru", false),
            new Machine("16x4:fifo", true));

    private SpeedTable() {}

    /// A machine to measure: its first-level TLBs, and whether it is exhaustive.
    private record Machine(String geometry, boolean exhaustive) {
        String name() {
            return exhaustive ? geometry + " exhaustive" : geometry;
        }
    }

    /// The outcome for one machine.
    ///
    /// @param ratio the bare engine's time divided by the machine's
    /// @param missesPerThousand L1D misses per 1,000 instructions
    /// @param nanosPerMiss what the machine takes longer than the bare engine, divided by its misses
    private record Outcome(double ratio, double missesPerThousand, double nanosPerMiss) {}

    /// Measures everything.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        List<Machine> machines = MACHINES.stream()
                .filter(machine ->
                        arguments.length < 2 || Arrays.stream(arguments).skip(1).anyMatch(machine.name()::contains))
                .toList();
        System.out.println(
                "| ISA | pages | accesses per page | machine | speed, bare = 1 | L1D misses / 1,000 | ns / miss |");
        System.out.println("|---|---:|---:|---|---:|---:|---:|");
        for (GuestIsa isa : GuestIsa.all()) {
            for (Workload workload : WORKLOADS) {
                List<Outcome> outcomes = measure(LoopProgram.of(isa), workload, machines, rounds);
                for (int i = 0; i < machines.size(); i++) {
                    System.out.println(row(isa, workload, machines.get(i), outcomes.get(i)));
                }
            }
        }
    }

    private static String row(GuestIsa isa, Workload workload, Machine machine, Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %s | %.2f | %.1f | %s |",
                isa.name(),
                workload.pages(),
                workload.accessesPerPage(),
                machine.name(),
                outcome.ratio(),
                outcome.missesPerThousand(),
                outcome.missesPerThousand() < 0.5 ? "" : Math.round(outcome.nanosPerMiss()));
    }

    private static List<Outcome> measure(LoopProgram program, Workload workload, List<Machine> machines, int rounds) {
        List<LoopRunner> runners = new ArrayList<>();
        try (LoopRunner bare = new BareLoop(program, workload)) {
            for (Machine machine : machines) {
                TlbGeometry firstLevel = TlbGeometry.parse(machine.geometry());
                MachineProfile profile =
                        MachineProfile.DEFAULT.withL1i(firstLevel).withL1d(firstLevel);
                runners.add(new ModelledLoop(program, workload, profile, 1, machine.exhaustive()));
            }
            for (int run = 0; run < WARM_UP_RUNS; run++) {
                bare.run();
                runners.forEach(LoopRunner::run);
            }
            double[][] ratios = new double[machines.size()][rounds];
            double[][] extraNanos = new double[machines.size()][rounds];
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < runners.size(); i++) {
                    long bareNanos = nanos(bare);
                    long nanos = nanos(runners.get(i));
                    ratios[i][round] = (double) bareNanos / nanos;
                    extraNanos[i][round] = nanos - bareNanos;
                }
            }
            return outcomes(runners, program.instructions(workload), ratios, extraNanos);
        } finally {
            runners.forEach(LoopRunner::close);
        }
    }

    private static List<Outcome> outcomes(
            List<LoopRunner> runners, long instructions, double[][] ratios, double[][] extraNanos) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < runners.size(); i++) {
            double misses = (double) runners.get(i).dataMisses() / (WARM_UP_RUNS + ratios[i].length);
            outcomes.add(new Outcome(
                    median(ratios[i]), 1000 * misses / instructions, median(extraNanos[i]) / Math.max(misses, 1)));
        }
        return outcomes;
    }

    private static long nanos(LoopRunner runner) {
        long start = THREADS.getCurrentThreadCpuTime();
        runner.run();
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
