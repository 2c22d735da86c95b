package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.List;
import sharewalk.abi.Signals;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.CpuContext;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.mm.MemoryContext;

/// Everything of one machine's kernel that system calls work with.
public final class KernelServices {
    private static final int ECALL_BYTES = 4;
    private static final int SYSCALL_BYTES = 2;

    private final GuestIsa isa;
    private final int hartCount;
    private final KernelSettings settings;
    private final GuestClock clock;
    private final MemoryContext memory;
    private final FileServices files;
    private final Scheduler scheduler = new Scheduler();
    private final Timeouts timeouts = new Timeouts();
    private final Futexes futexes = new Futexes();
    private final GuestRandom random;
    private final ProcessTable processes;
    private final MachinePeaks machinePeaks;
    private final Exiting exiting;
    private final Waiting waiting;
    private final Cloning cloning;
    private final Executing executing;
    private final ProgramFinder programs;
    private final ProgramLoader loader;
    private final SignalDelivery delivery;
    private final List<String> warnings = new ArrayList<>();

    /// What the kernel of a machine is made of.
    public record Parts(
            GuestIsa isa,
            int hartCount,
            KernelSettings settings,
            GuestClock clock,
            MemoryContext memory,
            FileServices files) {}

    /// Creates the services of a machine without processes.
    public KernelServices(Parts parts) {
        isa = parts.isa();
        hartCount = parts.hartCount();
        settings = parts.settings();
        clock = parts.clock();
        memory = parts.memory();
        files = parts.files();
        random = files.random();
        processes = new ProcessTable(settings.taskLimit());
        files.proc().show(processes);
        machinePeaks = new MachinePeaks(processes, memory.gauges());
        exiting = new Exiting(processes, timeouts, futexes, machinePeaks);
        waiting = new Waiting(exiting);
        cloning = new Cloning(processes, new Task.Blocker(scheduler, timeouts));
        programs = new ProgramFinder(files.vfs(), isa);
        loader = new ProgramLoader(memory, isa, settings, random);
        executing = new Executing(processes, exiting, loader);
        int callBytes = switch (isa) {
            case RiscV64 _ -> ECALL_BYTES;
            case X86_64 _ -> SYSCALL_BYTES;
        };
        delivery = new SignalDelivery(exiting, SignalFrame.of(isa), callBytes);
    }

    /// Notes a sentence for the report: something went otherwise than a program could expect.
    public void warn(String sentence) {
        if (!warnings.contains(sentence)) {
            warnings.add(sentence);
        }
    }

    /// Returns what was noted.
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// Returns the instruction set.
    public GuestIsa isa() {
        return isa;
    }

    /// Returns the number of harts.
    public int hartCount() {
        return hartCount;
    }

    /// Returns what the experiment chose.
    public KernelSettings settings() {
        return settings;
    }

    /// Returns guest time.
    public GuestClock clock() {
        return clock;
    }

    /// Returns what all address spaces have in common.
    public MemoryContext memory() {
        return memory;
    }

    /// Returns the files.
    public FileServices files() {
        return files;
    }

    /// Returns the queue of tasks that wait for a hart.
    public Scheduler scheduler() {
        return scheduler;
    }

    /// Returns what is to happen at given times.
    public Timeouts timeouts() {
        return timeouts;
    }

    /// Returns the tasks that wait on futexes.
    public Futexes futexes() {
        return futexes;
    }

    /// Returns the source of all that is random to guests.
    public GuestRandom random() {
        return random;
    }

    /// Returns the tasks and processes.
    public ProcessTable processes() {
        return processes;
    }

    /// Returns the most page-table bytes of the machine by phase.
    public MachinePeaks machinePeaks() {
        return machinePeaks;
    }

    /// Returns the end of tasks and processes.
    public Exiting exiting() {
        return exiting;
    }

    /// Returns the sending of signals.
    public Signaling signaling() {
        return exiting.signaling();
    }

    /// Returns the asking for children.
    public Waiting waiting() {
        return waiting;
    }

    /// Returns the making of tasks.
    public Cloning cloning() {
        return cloning;
    }

    /// Returns the replacing of programs.
    public Executing executing() {
        return executing;
    }

    /// Returns the finder of programs.
    public ProgramFinder programs() {
        return programs;
    }

    /// Returns the taking of signals.
    public SignalDelivery delivery() {
        return delivery;
    }

    /// Makes the first process; its one task waits for a hart. `cpu` lends its registers for a moment.
    ///
    /// Preconditions:
    /// - there is no process yet
    public Outcome<Task> boot(ProgramLoader.Start start, FileTable fileTable, FsContext fs, Cpu cpu) {
        ProcessAccounts accounts = new ProcessAccounts(ProcessAccounts.FIRST_PHASE);
        Outcome<ProgramLoader.Loaded> loaded = loader.load(start, accounts);
        if (loaded.isError()) {
            return loaded.failed();
        }
        GuestProcess.Origin origin = new GuestProcess.Origin(
                new ProcessLimits(settings.stackBytes()), accounts, new SignalActions(), Signals.SIGCHLD);
        GuestProcess.ProcessResources resources = new GuestProcess.ProcessResources(
                loaded.value().memory(), fileTable, fs, start.file().executable());
        CpuContext context = cpu.newContext();
        cpu.resetRegisters();
        cpu.setGeneral(isa.stackPointerRegister(), loaded.value().stackPointer());
        cpu.setPc(loaded.value().entry());
        cpu.save(context);
        GuestProcess process = cloning.first(origin, resources, context);
        process.setProgram(loaded.value().program());
        Task task = List.copyOf(process.tasks()).getFirst();
        task.setName(loaded.value().program().shortName());
        scheduler.enqueue(task);
        return Outcome.of(task);
    }
}
