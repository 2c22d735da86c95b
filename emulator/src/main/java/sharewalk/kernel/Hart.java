package sharewalk.kernel;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.CodeImage;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.StopReason;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.process.Task;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.paging.DomainRanges;

/// A hart with the task that has it and the address space it is in.
final class Hart {
    private final Cpu cpu;
    private @Nullable Task task;
    private @Nullable Task lastTask;
    private @Nullable AddressSpace space;
    private int asid;
    private DomainRanges domains = DomainRanges.NONE;
    private @Nullable CodeImage code;
    private @Nullable CounterMap counters;
    private long quantumLeft;
    private long repeatedFaults;
    private long lastFault;

    Hart(Cpu cpu) {
        this.cpu = cpu;
    }

    Cpu cpu() {
        return cpu;
    }

    int number() {
        return cpu.hart();
    }

    /// Returns the task that runs here, or null.
    @Nullable
    Task running() {
        Task current = task;
        return current != null && current.isRunningOn(cpu) ? current : null;
    }

    /// Gives the hart to a task; returns whether another one had it last.
    boolean give(Task newTask, long quantum) {
        boolean isSwitch = lastTask != null && lastTask != newTask;
        newTask.takeHart(cpu);
        task = newTask;
        lastTask = newTask;
        quantumLeft = quantum;
        return isSwitch;
    }

    /// Returns how many instructions are left of the task's quantum.
    long quantumLeft() {
        return quantumLeft;
    }

    /// Gives the task another quantum: nobody else wants the hart.
    void renewQuantum(long quantum) {
        quantumLeft = quantum;
    }

    void spend(long instructions) {
        quantumLeft -= instructions;
    }

    /// Makes the hart translate, decode and count for an address space it knows by an id, changing only what differs.
    void enter(AddressSpace newSpace, int newAsid, CounterMap newCounters) {
        DomainRanges newDomains = newSpace.domains().ranges();
        if (space != newSpace || asid != newAsid || !domains.equals(newDomains)) {
            cpu.enter(newSpace.register(newAsid), newSpace.codeImage(), newCounters);
        } else {
            if (code != newSpace.codeImage()) {
                cpu.useCode(newSpace.codeImage());
            }
            if (counters != newCounters) {
                cpu.chargeTo(newCounters);
            }
        }
        space = newSpace;
        asid = newAsid;
        domains = newDomains;
        code = newSpace.codeImage();
        counters = newCounters;
    }

    /// Returns how often in a row the hart has stopped at the same address without retiring anything.
    long noteFault(StopReason.PageFault fault, long retired) {
        boolean isSame = retired == 0 && fault.virtAddr() == lastFault;
        repeatedFaults = isSame ? repeatedFaults + 1 : 0;
        lastFault = fault.virtAddr();
        return repeatedFaults;
    }
}
