package sharewalk.kernel.process;

/// What a task, a process or a family of reaped children has used, as getrusage(2) tells.
public final class Usage {
    private long instructions;
    private long minorFaults;
    private long majorFaults;
    private long voluntarySwitches;
    private long involuntarySwitches;

    /// Returns the instructions retired: the user time in nanoseconds.
    public long instructions() {
        return instructions;
    }

    /// Returns the faults resolved without reading a file from outside.
    public long minorFaults() {
        return minorFaults;
    }

    /// Returns the faults that waited for a page from swap.
    public long majorFaults() {
        return majorFaults;
    }

    /// Returns how often it gave its hart up to wait.
    public long voluntarySwitches() {
        return voluntarySwitches;
    }

    /// Returns how often it lost its hart at the end of its quantum.
    public long involuntarySwitches() {
        return involuntarySwitches;
    }

    /// Notes retired instructions.
    public void addInstructions(long count) {
        instructions += count;
    }

    /// Notes minor faults.
    public void addMinorFaults(long count) {
        minorFaults += count;
    }

    /// Notes major faults.
    public void addMajorFaults(long count) {
        majorFaults += count;
    }

    /// Notes that a hart was given up to wait.
    public void addVoluntarySwitch() {
        voluntarySwitches++;
    }

    /// Notes that a hart was lost at the end of a quantum.
    public void addInvoluntarySwitch() {
        involuntarySwitches++;
    }

    /// Adds all of another's.
    public void add(Usage other) {
        instructions += other.instructions;
        minorFaults += other.minorFaults;
        majorFaults += other.majorFaults;
        voluntarySwitches += other.voluntarySwitches;
        involuntarySwitches += other.involuntarySwitches;
    }
}
