package sharewalk.experiment;

import java.util.List;
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
        try (UnicornMachine machine = UnicornMachine.create(spec.machine())) {
            EmulatedLinux linux = EmulatedLinux.boot(spec, machine, streams);
            observers.forEach(observer -> observer.begin(machine, linux));
            KernelReport report = linux.run();
            return ResultBuilder.build(spec, report, linux);
        }
    }
}
