package sharewalk.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.StopReason;
import sharewalk.elf.ElfException;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.process.FileServices;
import sharewalk.kernel.process.GuestClock;
import sharewalk.kernel.process.KernelServices;
import sharewalk.kernel.process.KernelSettings;
import sharewalk.kernel.process.PendingCall.Interruption;
import sharewalk.kernel.process.ProgramFile;
import sharewalk.kernel.process.ProgramLoader;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.syscall.SystemCallTable;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;

/// The emulated Linux of one machine: gives tasks to harts, harts their turns, and answers what stops them.
///
/// Everything happens on the caller's thread, in an order that depends on nothing but the machine, the settings and the
/// programs.
public final class Kernel {
    /// A hart that stops so often at one address without retiring anything will not get on.
    private static final int HOPELESS_FAULTS = 1000;

    private final List<Hart> harts = new ArrayList<>();
    private final KernelServices services;
    private final SystemCallTable table;
    private final StopHandler stops;
    private final CallHandler calls;
    private ReturnCheck returnCheck = ReturnCheck.NONE;
    private @Nullable String trouble;
    private @Nullable Task currentTask;

    /// What a kernel is built from; the clock is the one that stamps the files, too.
    public record Parts(
            List<? extends Cpu> harts,
            MemoryContext memory,
            FileServices files,
            GuestClock clock,
            KernelSettings settings) {}

    /// Creates the kernel of a machine of at least one hart, all of one instruction set.
    public Kernel(Parts parts) {
        for (Cpu cpu : parts.harts()) {
            harts.add(new Hart(cpu));
        }
        services = new KernelServices(new KernelServices.Parts(
                harts.getFirst().cpu().isa(),
                harts.size(),
                parts.settings(),
                parts.clock(),
                parts.memory(),
                parts.files()));
        table = SystemCallTable.of(services.isa());
        stops = new StopHandler(services);
        calls = new CallHandler(services, table, stops);
    }

    /// Has a check made from now on before a hart returns to its program.
    public void checkReturns(ReturnCheck check) {
        returnCheck = check;
    }

    /// Has a system call answered that a sharing design brings: `body` gets the arguments and returns the result.
    public void bring(SystemCall call, ToLongFunction<long[]> body) {
        table.bring(call, body);
    }

    /// Has the calls answered by which programs are told of writes to files (`--notify write`).
    public void notifyWrites() {
        table.notifyWrites();
    }

    /// Returns what system calls work with, for those who look on from outside.
    public KernelServices services() {
        return services;
    }

    /// Returns the task the kernel works for, or worked for last; null before the first.
    public @Nullable Task currentTask() {
        return currentTask;
    }

    /// Returns the task that a hart runs, or null.
    public @Nullable Task runningOn(int hart) {
        return harts.get(hart).running();
    }

    /// Loads the first program; throws the sentence that says why it cannot be.
    ///
    /// Preconditions:
    /// - no program has been started
    public void start(ProgramRequest request) throws ProgramException {
        FsContext fs = services.files().vfs().rootContext();
        Outcome<Location> directory = services.files().vfs().find(PathName.of(fs, request.workingDirectory()));
        if (directory.isError() || services.files().vfs().attributes().changeDirectory(fs, directory.value()) < 0) {
            throw new ProgramException("The working directory " + request.workingDirectory() + " does not exist.");
        }
        Outcome<ProgramFile> file;
        try {
            file = services.programs().find(PathName.of(fs, request.path()));
        } catch (ElfException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        }
        if (file.isError()) {
            throw new ProgramException(Sentences.cannotOpen(request.path(), file.error()));
        }
        ProgramLoader.Start start = new ProgramLoader.Start(file.value(), request.arguments(), request.environment());
        // Its process is charged with its first table too, which is made before there is a process.
        Counters beforehand = new Counters();
        services.memory().current().enter(harts.getFirst().number(), CounterMap.all(beforehand));
        Outcome<Task> booted =
                services.boot(start, request.files(), fs, harts.getFirst().cpu());
        if (booted.isError()) {
            throw new ProgramException(Sentences.cannotLoad(request.path(), booted.error()));
        }
        enterKernel(harts.getFirst(), booted.value()).other().addAll(beforehand);
    }

    /// Runs until every process has ended, until nobody can go on, or until `interrupted`, asked after each round of
    /// turns, says so.
    ///
    /// Preconditions:
    /// - a program has been started
    public KernelReport run(BooleanSupplier interrupted) {
        while (!services.processes().isEmpty() && trouble == null) {
            if (nobodyRuns() && !jumpToNextTimeout()) {
                trouble = Sentences.deadlock(services.processes().tasks(), table);
                break;
            }
            for (Hart hart : harts) {
                services.clock().beginTurn();
                turn(hart);
            }
            services.clock().endRound();
            checkLimit();
            if (interrupted.getAsBoolean() && trouble == null) {
                trouble = "The run was interrupted.";
            }
        }
        return report(trouble);
    }

    /// Returns what has been measured so far; `reason` says why the run ended before its programs did, if it did.
    public KernelReport report(@Nullable String reason) {
        return Reporting.report(services, table, harts.stream().map(Hart::cpu).toList(), reason);
    }

    private void checkLimit() {
        long limit = services.settings().instructionLimit();
        long retired =
                harts.stream().mapToLong(hart -> hart.cpu().instructions()).sum();
        if (limit > 0
                && retired >= limit
                && trouble == null
                && !services.processes().isEmpty()) {
            trouble = "The run was ended at its limit of " + limit + " instructions.";
        }
    }

    private boolean nobodyRuns() {
        return services.scheduler().isEmpty() && harts.stream().allMatch(hart -> hart.running() == null);
    }

    private boolean jumpToNextTimeout() {
        long next = services.timeouts().next();
        if (next == Long.MAX_VALUE) {
            return false;
        }
        services.clock().jumpTo(next);
        services.timeouts().expire(services.clock().now());
        return true;
    }

    private void turn(Hart hart) {
        long left = services.settings().turnInstructions();
        while (left > 0 && trouble == null) {
            services.timeouts().expire(services.clock().now());
            @Nullable Task task = hart.running();
            if (task == null) {
                task = services.scheduler().next(hart.number());
                if (task == null) {
                    services.memory().shootdown().idle(hart.number());
                    return;
                }
                switchTo(hart, task);
            } else if (hart.quantumLeft() <= 0 && preempts(hart, task)) {
                continue;
            }
            if (returnsToUser(hart, task)) {
                left -= execute(hart, task, Math.min(left, hart.quantumLeft()));
            }
        }
    }

    private void switchTo(Hart hart, Task task) {
        boolean isSwitch = hart.give(task, services.settings().quantumInstructions());
        CounterMap counters = enterKernel(hart, task);
        services.memory().shootdown().load(task.process().memory().space(), hart.number());
        if (isSwitch) {
            counters.other().record(Counter.CONTEXT_SWITCH);
        }
        task.prepareFirstRun();
    }

    /// Takes the hart from a task whose quantum is over, if somebody waits for it.
    private boolean preempts(Hart hart, Task task) {
        if (services.scheduler().hasWorkFor(hart.number())) {
            task.usage().addInvoluntarySwitch();
            task.preempt();
            return true;
        }
        hart.renewQuantum(services.settings().quantumInstructions());
        return false;
    }

    /// Makes the kernel's events count for a task.
    private CounterMap enterKernel(Hart hart, Task task) {
        AddressSpace space = task.process().memory().space();
        CounterMap counters = task.process().accounts().map(space.vmas());
        services.memory().current().enter(hart.number(), counters);
        services.processes().setCurrent(task.process());
        currentTask = task;
        return counters;
    }

    /// Finishes what keeps a task in the kernel: a call that waited, signals. Returns whether its own code goes on.
    private boolean returnsToUser(Hart hart, Task task) {
        if (task.call() != null) {
            var _ = enterKernel(hart, task);
            if (isInterrupted(task) && !services.delivery().deliver(task, hart.cpu())) {
                return false;
            }
            if (task.call() != null) {
                calls.attempt(task, hart.cpu());
            }
        }
        if (hart.running() == task && task.hasDeliverableSignal()) {
            var _ = enterKernel(hart, task);
            return services.delivery().deliver(task, hart.cpu()) && hart.running() == task;
        }
        return hart.running() == task;
    }

    private static boolean isInterrupted(Task task) {
        return task.call() != null && task.call().interruption() != Interruption.NONE && task.hasDeliverableSignal();
    }

    /// Runs a task's own code and answers what stopped it; returns the instructions retired.
    private long execute(Hart hart, Task task, long budget) {
        CounterMap counters = enterKernel(hart, task);
        AddressSpace space = task.process().memory().space();
        hart.enter(space, services.memory().shootdown().idOn(space, hart.number()), counters);
        services.memory().tables().ledger().requireEmpty();
        trouble = returnCheck.check(hart.number());
        if (trouble != null) {
            return 0;
        }
        Cpu cpu = hart.cpu();
        long before = cpu.instructions();
        StopReason stop = cpu.run(budget);
        long retired = cpu.instructions() - before;
        services.clock().advance(retired);
        task.usage().addInstructions(retired);
        hart.spend(retired);
        answer(hart, task, stop, retired);
        return retired;
    }

    private void answer(Hart hart, Task task, StopReason stop, long retired) {
        switch (stop) {
            case StopReason.Limit() -> {}
            case StopReason.SystemCall() -> {
                CounterMap counters = enterKernel(hart, task);
                if (!CallHandler.isMark(hart.cpu())) {
                    counters.other().record(Counter.SYSCALL);
                }
                calls.begin(task, hart.cpu());
            }
            case StopReason.EngineFailure(String what) ->
                trouble = Sentences.engineFailure(task, hart.cpu().pc(), what);
            case StopReason.PageFault fault
            when hart.noteFault(fault, retired) >= HOPELESS_FAULTS ->
                trouble = Sentences.noProgress(task, hart.cpu().pc(), fault);
            case StopReason.PageFault _,
                    StopReason.IllegalInstruction _,
                    StopReason.Breakpoint _,
                    StopReason.DivideError _,
                    StopReason.GeneralProtection _,
                    StopReason.FloatingPointError _,
                    StopReason.MisalignedAccess _,
                    StopReason.BusError _ -> stops.handle(task, hart.cpu(), stop);
        }
    }
}
