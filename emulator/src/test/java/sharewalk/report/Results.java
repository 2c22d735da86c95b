package sharewalk.report;

import java.nio.file.Path;
import java.util.List;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.experiment.Ending;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.Measures;
import sharewalk.experiment.NamedMeasures;
import sharewalk.experiment.ProcessResult;
import sharewalk.experiment.Provenance;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.Slices;
import sharewalk.experiment.UnknownSystemCall;
import sharewalk.experiment.WalkLevel;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.paging.PagingMode;

/// Results with figures that are easy to recognize.
final class Results {
    private Results() {}

    /// Returns measures in which each counter differs from every other.
    static Measures measures(int factor) {
        Counters counters = new Counters();
        int number = 1;
        for (Counter counter : Counter.values()) {
            counters.record(counter, (long) factor * number++);
        }
        counters.record(Counter.INSTRUCTIONS, 1_000_000L * factor);
        counters.record(Counter.FULL_FLUSH, counters.get(Counter.SWITCH_FLUSH));
        return new Measures(counters.snapshot(), 4096L * factor, 8192L * factor);
    }

    /// Returns a run of two processes under a design.
    static RunResult run(String design, Ending ending) {
        MachineSpec machine = new MachineSpec(
                GuestIsa.RISCV64,
                PagingMode.SV39,
                MachineProfile.DEFAULT,
                2,
                512L << 20,
                7,
                false,
                MissExplanation.NONE);
        GuestCommand command = new GuestCommand(
                Path.of("/host/guests/riscv64/shared-buffer"),
                "shared-buffer",
                List.of("--processes", "2"),
                List.of("SHAREWALK_DESIGN=" + design));
        return new RunResult(
                new ExperimentSpec(
                        machine, Machines.ofDefault(), new Slices(10_000, 1_000_000), design, command, List.of()),
                new Provenance("0.1.0", "Unicorn Engine", "2.1.4", Provenance.EMULATED_LINUX),
                ending,
                List.of(new NamedMeasures("start", measures(1)), new NamedMeasures("steady", measures(2))),
                List.of(process(2, 1, ending, measures(1)), process(3, 2, new Ending.Killed(11), measures(2))),
                List.of(
                        new NamedMeasures("/memfd:shared-buffer", measures(2)),
                        new NamedMeasures("[stack]", measures(1))),
                measures(3),
                List.of(new WalkLevel(1, 21, 22, 23, 24, 25), new WalkLevel(0, 31, 32, 33, 34, 35)),
                List.of(new UnknownSystemCall(1234, "unknown", 2)),
                List.of("A remark."),
                List.of("A warning."));
    }

    private static ProcessResult process(int pid, int parentPid, Ending ending, Measures measures) {
        return new ProcessResult(
                pid,
                parentPid,
                "shared-buffer",
                ending,
                measures,
                List.of(new NamedMeasures("start", measures)),
                List.of(new NamedMeasures("[stack]", measures)));
    }
}
