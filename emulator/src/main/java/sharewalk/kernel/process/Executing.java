package sharewalk.kernel.process;

import sharewalk.cpu.Cpu;
import sharewalk.kernel.fs.Outcome;

/// The replacing of a process's program (execve(2)).
public final class Executing {
    private final ProcessTable processes;
    private final Exiting exiting;
    private final ProgramLoader loader;

    Executing(ProcessTable processes, Exiting exiting, ProgramLoader loader) {
        this.processes = processes;
        this.exiting = exiting;
        this.loader = loader;
    }

    /// Loads a program into the caller's process and sets the registers to start it; returns 0, or an error with
    /// nothing changed. The caller's other tasks end.
    ///
    /// Preconditions:
    /// - the caller's registers lie in `cpu`
    public long execute(Task caller, Cpu cpu, ProgramLoader.Start start) {
        GuestProcess process = caller.process();
        Outcome<ProgramLoader.Loaded> outcome = loader.load(start, process.accounts());
        if (outcome.isError()) {
            return outcome.error();
        }
        ProgramLoader.Loaded loaded = outcome.value();
        exiting.endOthers(caller);
        exiting.releaseMemory(caller);
        process.replaceMemory(loaded.memory(), start.file().executable());
        process.memoryWasReleased();
        process.setActions(process.actions().afterExec());
        process.files().closeOnExec();
        process.setProgram(loaded.program());
        process.resetExitSignal();
        takeLeadership(caller);
        caller.setName(loaded.program().shortName());
        caller.signals().setStack(AlternateStack.NONE);
        caller.signals().setTrap(Trap.NONE);
        cpu.resetRegisters();
        cpu.setGeneral(cpu.isa().stackPointerRegister(), loaded.stackPointer());
        cpu.setPc(loaded.entry());
        return 0;
    }

    private void takeLeadership(Task survivor) {
        GuestProcess process = survivor.process();
        if (survivor.tid() != process.pid()) {
            processes.remove(survivor);
            process.renameToLeader(survivor);
            processes.add(survivor);
        }
    }
}
