package sharewalk.kernel.process;

/// What a task is doing.
public enum TaskState {
    /// Waits for a hart.
    READY,
    /// Has a hart.
    RUNNING,
    /// Waits for an event or a time.
    BLOCKED,
    /// Waits for SIGCONT.
    STOPPED,
    /// Has ended.
    DEAD
}
