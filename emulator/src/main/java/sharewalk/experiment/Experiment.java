package sharewalk.experiment;

import java.util.List;
import java.util.function.BooleanSupplier;
import sharewalk.cpu.unicorn.UnicornMachine;
import sharewalk.kernel.KernelReport;
import sharewalk.kernel.fs.device.StandardStreams;

/// Runs specs.
public final class Experiment {
    private Experiment() {}

    /// Runs a spec with the given standard streams, watched by observers, until every process has ended.
    ///
    /// @throws ExperimentException if the program cannot be started on that machine
    /// @throws sharewalk.cpu.unicorn.EngineRefusedException if the engine lacks something that exact counts need
    /// @throws sharewalk.host.HostMemoryException if the host has not that much memory
    public static RunResult run(ExperimentSpec spec, StandardStreams streams, List<RunObserver> observers) {
        return run(spec, streams, observers, () -> false);
    }

    /// Runs a spec as [#run(ExperimentSpec, StandardStreams, List)], or until `interrupted`, asked every few thousand
    /// instructions, says so; what was measured until then is the result.
    public static RunResult run(
            ExperimentSpec spec, StandardStreams streams, List<RunObserver> observers, BooleanSupplier interrupted) {
        try (UnicornMachine machine = UnicornMachine.create(spec.machine())) {
            EmulatedLinux linux = EmulatedLinux.boot(spec, machine, streams);
            observers.forEach(observer -> observer.begin(machine, linux));
            KernelReport report = linux.run(interrupted);
            return ResultBuilder.build(spec, report, linux, machine);
        }
    }
}
